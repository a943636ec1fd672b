// What tells one state of a file from another without reading it.
#ifndef SIGNET_COMMON_FILE_STAMP_H_
#define SIGNET_COMMON_FILE_STAMP_H_

#include <sys/types.h>

#include <chrono>
#include <cstdint>
#include <filesystem>

namespace signet {

struct FileStamp {
  bool there = false;
  dev_t device = 0;
  ino_t inode = 0;
  off_t size = 0;
  std::int64_t modified = 0;  // nanoseconds since 1970
  std::int64_t changed = 0;   // the same; of owner and mode, too

  bool operator==(const FileStamp&) const = default;

  // One stat(); of what a symbolic link names.
  static FileStamp of(const std::filesystem::path& file);

  // False while somebody may be in the middle of writing it: it changed within the last second.
  bool settled(std::chrono::system_clock::time_point now) const;
};

}  // namespace signet

#endif  // SIGNET_COMMON_FILE_STAMP_H_
