#include "config/config.h"

#include <fmt/format.h>

#include <utility>

#include "common/trusted_file.h"
#include "config/default_folders.h"
#include "config/rollback.h"
#include "config/trust_anchor.h"

namespace signet::config {

namespace fs = std::filesystem;

namespace {

// A file in a folder that we may not search counts as not there: a service that gave up root's
// rights often keeps root's HOME.
bool is_there(const fs::path& file) {
  std::error_code failure;
  const fs::file_status status = fs::symlink_status(file, failure);
  return !file.empty() && fs::exists(status);
}

ConfigError about_signature(const fs::path& file, const SignatureError& error) {
  return {fmt::format("{}: {}", file.string(), error.sentence), ConfigError::Step::signature};
}

// Nothing where no anchor demands a signature.
Result<std::optional<ConfigSignature>, ConfigError> check_signature(const fs::path& file,
                                                                    ByteView content) {
  const auto anchor = find_anchor(installed_anchor_file(), named_anchor_file());
  if (anchor.has_error()) return about_signature(file, anchor.error());
  const auto& found = anchor.value();
  if (!found) return std::optional<ConfigSignature>();
  const fs::path signature_file = signature_file_of(file);
  const auto signature_text = read_trusted(signature_file, {.most = kLargestSignature});
  if (signature_text.has_error()) {
    return ConfigError{
        fmt::format("{}: {} demands that it be signed, but {}; sign it (signet config sign)",
                    file.string(), found->file.string(), signature_text.error().sentence),
        ConfigError::Step::signature};
  }
  auto signature = ConfigSignature::parse(text_of(signature_text.value()));
  if (signature.has_error()) return about_signature(signature_file, signature.error());
  if (signature.value().format == ConfigSignature::Format::version_0_1) {
    log::warn(
        "{}: it has the form of version 0.1, which is read for the last time in 0.2; sign again "
        "(signet config sign)",
        signature_file.string());
  }
  const auto verified = verify_signature(signature.value(), content, found->key);
  if (verified.has_error()) return about_signature(file, verified.error());
  const auto newest = check_roll_back(default_cache_dir(), signature.value());
  if (newest.has_error()) return about_signature(file, newest.error());
  return std::optional(std::move(signature).value());
}

}  // namespace

fs::path config_file() {
  fs::path named = environment("SIGNET_CONFIG");
  if (!named.empty()) return named;
  for (const fs::path& candidate : {user_config_file(), fs::path(kSystemConfigFile)}) {
    if (is_there(candidate)) return candidate;
  }
  return {};
}

Result<Config, ConfigError> load_config() {
  const fs::path file = config_file();
  if (!file.empty()) return load_config_file(file);
  Config config;
  config.cache_dir = default_cache_dir();
  return config;
}

// The signature is checked before the text is looked at: an unauthorised hand reaches no parser.
Result<Config, ConfigError> load_config_file(const fs::path& file) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(file, ignored);
  const auto content = read_trusted(absolute, {.most = kLargestConfig});
  if (content.has_error()) {
    using Step = ConfigError::Step;
    return ConfigError{content.error().sentence,
                       content.error().missing ? Step::finding : Step::reading};
  }
  BOOST_OUTCOME_TRY(auto signature, check_signature(absolute, content.value()));
  BOOST_OUTCOME_TRY(Config config, parse_config(text_of(content.value()), absolute.string()));
  config.file = absolute;
  config.signature = std::move(signature);
  return config;
}

}  // namespace signet::config
