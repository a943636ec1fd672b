#include "config/config_watch.h"

#include <fmt/format.h>

#include <utility>

#include "config/default_folders.h"
#include "config/trust_anchor.h"

namespace signet::config {

ConfigWatch::ConfigWatch(const Config& config, WallTime now)
    : config_file_(config.file), signed_(config.signature.has_value()) {
  if (!config_file_.empty()) watch_files_of(config, now);
}

// A file that changed a moment ago may have done so after it was read: then it counts as unseen.
void ConfigWatch::watch(const std::filesystem::path& file, WallTime now) {
  if (file.empty()) return;
  const FileStamp stamp = FileStamp::of(file);
  watched_.push_back({file, stamp.settled(now) ? stamp : FileStamp()});
}

void ConfigWatch::watch_files_of(const Config& config, WallTime now) {
  watched_.clear();
  watch(config_file_, now);
  watch(signature_file_of(config_file_), now);
  watch(installed_anchor_file(), now);
  watch(former_anchor_file(installed_anchor_file()), now);
  watch(named_anchor_file(), now);
  for (const TokenConfig& token : config.tokens) {
    for (const auto& file : files_of(token)) watch(file, now);
  }
}

bool ConfigWatch::take_changes(WallTime now) {
  bool changed = false;
  std::vector<Watched> seen = watched_;
  for (Watched& watched : seen) {
    const FileStamp stamp = FileStamp::of(watched.file);
    if (stamp == watched.stamp) continue;
    if (!stamp.settled(now)) return false;
    changed = true;
    watched.stamp = stamp;
  }
  watched_ = std::move(seen);
  return changed;
}

Result<Config, ConfigError> ConfigWatch::load() const {
  auto config = load_config_file(config_file_);
  if (config && signed_ && !config.value().signature) {
    return ConfigError{
        fmt::format("{}: it was signed when this process started and has no signature now; sign it "
                    "(signet config sign), or restart the process",
                    config_file_.string())};
  }
  return config;
}

std::optional<Result<Config, ConfigError>> ConfigWatch::look(WallTime now) {
  const bool changed = take_changes(now);
  if (!changed && refusal_.empty()) return std::nullopt;
  auto config = load();
  if (!config) {
    const bool known = !changed && config.error().sentence == refusal_;
    refusal_ = config.error().sentence;
    if (known) return std::nullopt;
    return config;
  }
  refusal_.clear();
  signed_ = config.value().signature.has_value();
  watch_files_of(config.value(), now);
  return config;
}

}  // namespace signet::config
