// The configuration that a subcommand is about: the file named on its command line, or the one that
// the module would read.
#ifndef SIGNET_SIGNET_CLI_CONFIG_LOAD_H_
#define SIGNET_SIGNET_CLI_CONFIG_LOAD_H_

#include <filesystem>
#include <string>

#include "config/config.h"

namespace signet::cli {

inline Result<std::filesystem::path, config::ConfigError> chosen_config_file(
    const std::string& named) {
  const std::filesystem::path file =
      named.empty() ? config::config_file() : std::filesystem::path(named);
  if (!file.empty()) return file;
  return config::ConfigError{
      "there is no configuration: name a file, set SIGNET_CONFIG, or write "
      "/etc/signet/signet.toml",
      config::ConfigError::Step::finding};
}

inline Result<config::Config, config::ConfigError> load_chosen_config(const std::string& named) {
  BOOST_OUTCOME_TRY(const auto file, chosen_config_file(named));
  return config::load_config_file(file);
}

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_CONFIG_LOAD_H_
