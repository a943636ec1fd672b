// The file that says everything else, and the places that it names.
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <array>
#include <filesystem>

#include "common/private_file.h"
#include "config/trust_anchor.h"
#include "signet-cli/config_load.h"
#include "signet-cli/doctor/checks.h"

namespace signet::cli::doctor {

namespace fs = std::filesystem;

namespace {

using Step = config::ConfigError::Step;

constexpr std::string_view kFile = "file";
constexpr std::string_view kPermissions = "permissions";
constexpr std::string_view kSigned = "signed";
constexpr std::string_view kContent = "content";

std::string advice_for(Step step, const fs::path& file) {
  switch (step) {
    case Step::finding:
      return "write the file, or name the right one: in SIGNET_CONFIG or with --config";
    case Step::reading:
      break;
    case Step::signature:
      return "if the sentence names a file that is not there, put it back; else find out who "
             "changed the configuration or its signature, and sign it again (signet config sign) "
             "only when its content is right";
    case Step::content:
      return "correct the file; signet.toml(5) has every key";
  }
  if (auto denied = advice_for_denied(file); !denied.empty()) return denied;
  return "find out who may have changed it, then do what the sentence says; it and its folder "
         "belong to root or to the user of the process, and nobody else may write there";
}

void report_failure(const config::ConfigError& error, const fs::path& file, Findings& findings) {
  const std::array steps = {std::pair(Step::finding, kFile), std::pair(Step::reading, kPermissions),
                            std::pair(Step::signature, kSigned),
                            std::pair(Step::content, kContent)};
  for (const auto& [step, check] : steps) {
    if (step < error.step) {
      findings.well({}, check, "no fault was found here");
    } else if (step == error.step) {
      findings.wrong({}, check, error.sentence, advice_for(step, file));
    } else {
      findings.not_tried({}, check, "the check before it failed");
    }
  }
}

void report_success(const config::Config& config, Findings& findings) {
  findings.well({}, kFile, config.file.string());
  findings.well({}, kPermissions, "nobody but its owner can change it");
  if (config.signature) {
    findings.well({}, kSigned, fmt::format("signed with counter {}", config.signature->counter));
  } else {
    findings.not_needed({}, kSigned,
                        fmt::format("there is no trust anchor ({}), so no signature is demanded",
                                    config::installed_anchor_file().string()));
  }
  if (config.tokens.empty()) {
    findings.wrong({}, kContent, "there is no [[token]]: programs see no slot",
                   "add a [[token]] with its members");
    return;
  }
  findings.well({}, kContent, fmt::format("tokens: {}", config.tokens.size()));
}

bool is_writable_folder(const fs::path& folder) {
  return access(folder.c_str(), W_OK | X_OK) == 0 && fs::is_directory(folder);
}

// The folder, or the nearest one above it that is there and in which it would be made.
bool can_make(const fs::path& folder) {
  std::error_code ignored;
  fs::path nearest = folder;
  while (!fs::exists(nearest, ignored) && nearest.has_relative_path()) {
    nearest = nearest.parent_path();
  }
  return is_writable_folder(nearest);
}

void check_log(const log::Options& options, Findings& findings) {
  if (!options.to.starts_with('/')) return findings.well({}, "log", "goes to " + options.to);
  const fs::path file = options.to;
  std::error_code ignored;
  const fs::file_status status = fs::symlink_status(file, ignored);
  if (fs::is_symlink(status)) {
    return findings.wrong(
        {}, "log", fmt::format("{}: it is a symbolic link", file.string()),
        "name the file itself in [log]: as it is, the log goes to standard error");
  }
  const bool writable =
      fs::exists(status) ? access(file.c_str(), W_OK) == 0 : is_writable_folder(file.parent_path());
  if (writable) return findings.well({}, "log", "goes to " + file.string());
  findings.wrong({}, "log", fmt::format("{}: this user cannot write there", file.string()),
                 "make the folder, or give this user the right to write to it; until then the log "
                 "of its programs goes to standard error");
}

void check_place(std::string_view check, const fs::path& folder, Folder demanded,
                 std::string_view lost, Findings& findings) {
  std::error_code ignored;
  std::string wrong;
  if (fs::exists(folder, ignored)) {
    const auto safe = check_folder(folder, demanded);
    if (!safe) wrong = safe.error().sentence;
  }
  if (wrong.empty() && !can_make(folder)) wrong = "this user cannot write there";
  if (wrong.empty()) return findings.well({}, check, folder.string());
  findings.wrong({}, check, fmt::format("{}: {}", folder.string(), wrong),
                 fmt::format("make the folder for this user alone (mkdir -m 700, or chmod 700 and "
                             "chown); until then {}",
                             lost));
}

}  // namespace

std::optional<config::Config> check_configuration(const std::string& named_file,
                                                  Findings& findings) {
  auto config = load_chosen_config(named_file);
  if (config.has_error()) {
    const auto file = chosen_config_file(named_file);
    report_failure(config.error(), file ? file.value() : fs::path(), findings);
    return std::nullopt;
  }
  report_success(config.value(), findings);
  check_log(config.value().log, findings);
  check_place("cache", config.value().cache_dir, Folder::own,
              "certificates are not seen before the first login", findings);
  if (const fs::path& metrics = config.value().metrics.dir; !metrics.empty()) {
    check_place("metrics", metrics, Folder::shared, "processes leave no figures", findings);
  }
  return std::move(config).value();
}

std::optional<crypto::Suite> check_suite(const config::Config& config, Findings& findings) {
  auto suite = crypto::Suite::load(config.suite);
  if (!suite) {
    findings.wrong(
        {}, "suite", suite.error(),
        "let \"suite\" name a file in the form of ETSI TS 119 322 that only its owner may "
        "change, or leave it out");
    return std::nullopt;
  }
  findings.well({}, "suite", fmt::format("algorithms are measured by {}", suite.value().name()));
  return std::move(suite).value();
}

}  // namespace signet::cli::doctor
