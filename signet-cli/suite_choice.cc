#include "signet-cli/suite_choice.h"

#include <CLI/Option.hpp>

#include "config/config.h"

namespace signet::cli {

void add_suite_option(CLI::App& command, std::string& suite) {
  command
      .add_option(
          "--suite", suite,
          "What algorithms are measured by: 119312-2.1.1 (default), 119312-1.5.1, or a file "
          "in the form of ETSI TS 119 322")
      ->type_name("NAME|FILE");
}

Result<std::shared_ptr<const crypto::Suite>, std::string> chosen_suite(const std::string& option) {
  std::string name = option;
  if (name.empty() && !config::config_file().empty()) {
    const auto config = config::load_config();
    if (!config) return config.error().sentence;
    name = config.value().suite;
  }
  if (name.empty()) name = crypto::kDefaultSuite;
  auto suite = crypto::Suite::load(name);
  if (!suite) return "the suite " + suite.error();
  return std::make_shared<const crypto::Suite>(std::move(suite).value());
}

}  // namespace signet::cli
