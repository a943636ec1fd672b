#include "config/config.h"

#include <fmt/format.h>

#include <utility>

#include "common/trusted_file.h"
#include "config/default_folders.h"
#include "config/seal_anchor.h"
#include "config/seal_state.h"

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

ConfigError about_seal(const fs::path& file, const SealError& error) {
  return {fmt::format("{}: {}", file.string(), error.sentence), ConfigError::Step::unsealing};
}

// Nothing where no anchor demands a seal.
Result<std::optional<Seal>, ConfigError> check_seal(const fs::path& file, ByteView content) {
  const auto anchor = find_anchor(installed_anchor_file(), environment("SIGNET_SEAL_ANCHOR"));
  if (anchor.has_error()) return about_seal(file, anchor.error());
  const auto& found = anchor.value();
  if (!found) return std::optional<Seal>();
  const fs::path seal_file = seal_file_of(file);
  const auto seal_text = read_trusted(seal_file, {.most = kLargestSeal});
  if (seal_text.has_error()) {
    return ConfigError{
        fmt::format("{}: {} demands that it be sealed, but {}; seal it (signet config seal)",
                    file.string(), found->file.string(), seal_text.error().sentence),
        ConfigError::Step::unsealing};
  }
  auto seal = Seal::parse(text_of(seal_text.value()));
  if (seal.has_error()) return about_seal(seal_file, seal.error());
  const auto verified = verify_seal(seal.value(), content, found->key);
  if (verified.has_error()) return about_seal(file, verified.error());
  const auto newest = check_roll_back(default_cache_dir(), seal.value());
  if (newest.has_error()) return about_seal(file, newest.error());
  return std::optional(std::move(seal).value());
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

// The seal is checked before the text is looked at: an unauthorised hand reaches no parser.
Result<Config, ConfigError> load_config_file(const fs::path& file) {
  std::error_code ignored;
  const fs::path absolute = fs::absolute(file, ignored);
  const auto content = read_trusted(absolute, {.most = kLargestConfig});
  if (content.has_error()) {
    using Step = ConfigError::Step;
    return ConfigError{content.error().sentence,
                       content.error().missing ? Step::finding : Step::reading};
  }
  BOOST_OUTCOME_TRY(auto seal, check_seal(absolute, content.value()));
  BOOST_OUTCOME_TRY(Config config, parse_config(text_of(content.value()), absolute.string()));
  config.file = absolute;
  config.seal = std::move(seal);
  return config;
}

}  // namespace signet::config
