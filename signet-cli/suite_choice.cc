#include "signet-cli/suite_choice.h"

#include <fmt/format.h>

#include <CLI/Option.hpp>

#include "config/config.h"
#include "crypto/suite_names.h"

namespace signet::cli {

void add_suite_option(CLI::App& command, std::string& suite, std::string_view by_default) {
  command
      .add_option("--suite", suite,
                  fmt::format("What algorithms are measured by: {}, {}, or a file in the form of "
                              "ETSI TS 119 322 (default: {})",
                              crypto::kShippedSuites[1], crypto::kShippedSuites[0], by_default))
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
