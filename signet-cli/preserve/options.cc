#include "signet-cli/preserve/options.h"

#include <CLI/Validators.hpp>

#include "config/config.h"
#include "signet-cli/date.h"
#include "signet-cli/preserve/files.h"
#include "signet-cli/state_folder.h"

namespace signet::cli {

namespace {

void take(std::string& into, const std::string& otherwise) {
  if (into.empty()) into = otherwise;
}

void take(std::vector<std::string>& into, const std::vector<std::string>& otherwise) {
  if (into.empty()) into = otherwise;
}

void take(unsigned& into, unsigned otherwise) {
  if (into == 0) into = otherwise;
}

VerifyResult<config::PreserveConfig> configured() {
  if (config::config_file().empty()) return config::PreserveConfig();
  auto config = config::load_config();
  if (!config) return wrong_options(config.error().sentence);
  return config.value().preserve;
}

VerifyResult<std::string> default_register() {
  const auto folder = state_folder("preserve");
  if (!folder) return wrong_options("HOME is not set: say with --register where the register is");
  return (*folder / "register.db").string();
}

}  // namespace

void add_register_options(CLI::App& command, PreserveOptions& options) {
  command
      .add_option("--register", options.register_file,
                  "The register of documents; default: [preserve] of the configuration, else in "
                  "the state folder")
      ->type_name("FILE");
  command.add_flag("--json", options.json, "Write one JSON object");
}

void add_examining_options(CLI::App& command, PreserveOptions& options) {
  add_evidence_options(command, options.extending.validation);
  add_rule_options(command, options.extending.validation);
  add_password_option(command, options.extending.validation);
  command.add_option("--jobs", options.jobs, "Documents at a time; default: 4")
      ->type_name("N")
      ->check(CLI::Range(1U, config::kMostPreserveJobs));
  command
      .add_option("--batch", options.batch,
                  "Documents between two records in the register; default: 64")
      ->type_name("N")
      ->check(CLI::Range(1U, config::kLargestPreserveBatch));
}

void add_within_option(CLI::App& command, PreserveOptions& options) {
  command
      .add_option("--within", options.within,
                  "Documents that can be verified no longer than that from now, such as 365d; "
                  "default: 90d")
      ->type_name("DAYS")
      ->check([](const std::string& text) {
        return parse_days(text) ? "" : "\"" + text + "\" is not a number of days, such as 90d";
      });
}

VerifyResult<void> complete(PreserveOptions& options) {
  BOOST_OUTCOME_TRY(const config::PreserveConfig defaults, configured());
  take(options.register_file, defaults.register_file);
  if (options.register_file.empty()) {
    BOOST_OUTCOME_TRY(options.register_file, default_register());
  }
  // Its lock and its lists lie beside it, whatever link it is named by.
  options.register_file = registered_path(options.register_file);
  VerifyOptions& validation = options.extending.validation;
  // Trust that is named on the command line stands in place of the configuration's, and so do lists.
  if (validation.more_trust.empty()) take(validation.trust, defaults.trust);
  take(validation.journal, defaults.journal);
  take(validation.trusted_lists, defaults.trusted_lists);
  take(validation.suite, defaults.suite);
  if (!validation.online && defaults.online) {
    validation.online = true;
    take(validation.online_hosts, defaults.online_hosts);
    take(validation.online_limit, defaults.online_limit);
    take(validation.online_proxy, defaults.online_proxy);
    take(validation.cache, defaults.cache);
  }
  if (options.extending.authorities.tsa.empty())
    take(options.extending.authorities.profile, defaults.profile);
  take(options.jobs, defaults.jobs);
  take(options.batch, defaults.batch);
  options.margin = std::chrono::days(defaults.margin);
  if (!options.within.empty()) options.margin = *parse_days(options.within);
  return success();
}

}  // namespace signet::cli
