#include "common/file_stamp.h"

#include <sys/stat.h>

#include <algorithm>

namespace signet {

namespace {

using namespace std::chrono_literals;

std::int64_t nanoseconds(const timespec& time) {
  constexpr std::int64_t per_second = 1'000'000'000;
  return static_cast<std::int64_t>(time.tv_sec) * per_second + time.tv_nsec;
}

}  // namespace

FileStamp FileStamp::of(const std::filesystem::path& file) {
  struct stat status {};
  if (stat(file.c_str(), &status) != 0) return {};
  return {true,
          status.st_dev,
          status.st_ino,
          status.st_size,
          nanoseconds(status.st_mtim),
          nanoseconds(status.st_ctim)};
}

bool FileStamp::settled(std::chrono::system_clock::time_point now) const {
  if (!there) return true;
  const std::chrono::nanoseconds age =
      now.time_since_epoch() - std::chrono::nanoseconds(std::max(modified, changed));
  // A time in the future comes from a clock that was set back: there is nothing to wait for.
  return age < 0ns || age >= 1s;
}

}  // namespace signet
