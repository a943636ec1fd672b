// Notices that a configuration in use has changed on disk, by looking at its file and those that it
// depends on: its signature, the trust anchor, CA files and client certificates. It has no thread: its
// owner asks it now and then.
#ifndef SIGNET_CONFIG_CONFIG_WATCH_H_
#define SIGNET_CONFIG_CONFIG_WATCH_H_

#include <chrono>
#include <filesystem>
#include <optional>
#include <string>
#include <vector>

#include "common/file_stamp.h"
#include "config/config.h"

namespace signet::config {

// Not thread-safe.
class ConfigWatch {
 public:
  using WallTime = std::chrono::system_clock::time_point;

  // `config` is the one in force, just loaded. Without a file there is nothing to watch.
  explicit ConfigWatch(const Config& config, WallTime now = std::chrono::system_clock::now());

  // Nothing where no file has changed since the last look, or somebody may still be writing. Else
  // the configuration as it is now, checked as at the start, roll-back included; or why it is
  // refused. A refused one is tried at each look, but the same reason is given only once. Where the
  // configuration in force was signed, one without a signature is refused, whatever became of the anchor.
  std::optional<Result<Config, ConfigError>> look(WallTime now = std::chrono::system_clock::now());

 private:
  struct Watched {
    std::filesystem::path file;
    FileStamp stamp;
  };

  void watch(const std::filesystem::path& file, WallTime now);
  void watch_files_of(const Config& config, WallTime now);
  bool take_changes(WallTime now);
  Result<Config, ConfigError> load() const;

  std::filesystem::path config_file_;
  bool signed_;
  std::vector<Watched> watched_;
  std::string refusal_;  // of the present state of the files; empty: none
};

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CONFIG_WATCH_H_
