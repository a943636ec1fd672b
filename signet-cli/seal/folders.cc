#include "signet-cli/seal/folders.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <linux/fs.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>

#include "common/printable.h"
#include "common/private_file.h"

namespace signet::cli {

namespace {

namespace fs = std::filesystem;
using sealing::Error;
using sealing::Failure;

constexpr int kMostNames = 10'000;

bool is_taken(const fs::path& name) {
  struct stat there {};
  return lstat(name.c_str(), &there) == 0;
}

// Past glibc: musl has no such function.
bool rename_to_free_name(const fs::path& from, const fs::path& to) {
  if (syscall(SYS_renameat2, AT_FDCWD, from.c_str(), AT_FDCWD, to.c_str(), RENAME_NOREPLACE) == 0)
    return true;
  if (errno != EINVAL && errno != ENOSYS) return false;
  // A file system that cannot. Nobody else writes into these folders while we watch.
  if (is_taken(to)) {
    errno = EEXIST;
    return false;
  }
  return ::rename(from.c_str(), to.c_str()) == 0;
}

}  // namespace

std::optional<std::string> identity_of(const fs::path& file) {
  struct stat status {};
  if (lstat(file.c_str(), &status) != 0 || !S_ISREG(status.st_mode)) return std::nullopt;
  return fmt::format("{:x}-{:x}-{:x}-{:x}.{:09}", status.st_dev, status.st_ino, status.st_size,
                     status.st_mtim.tv_sec, status.st_mtim.tv_nsec);
}

// A step of an iterator throws where it is not told otherwise, and a file system may fail at each (a network drive).
sealing::SealResult<std::vector<fs::path>> entries_of(const fs::path& folder) {
  std::vector<fs::path> entries;
  std::error_code error;
  fs::directory_iterator at(folder, error);
  for (; !error && at != fs::directory_iterator(); at.increment(error))
    entries.push_back(at->path());
  if (!error) return entries;
  return Error(Failure::input, fmt::format("cannot read \"{}\": {}", printable(folder.native()),
                                           system_text(error.value())));
}

sealing::SealResult<fs::path> move_into(const fs::path& file, const fs::path& folder,
                                        const BeforeMove& before) {
  const auto failed = [&](int why) {
    return Error(Failure::output,
                 fmt::format("cannot move \"{}\" into \"{}\": {}", printable(file.native()),
                             printable(folder.native()), system_text(why)));
  };
  for (int number = 1; number < kMostNames; ++number) {
    std::string name = file.filename().native();
    if (number > 1) name += fmt::format(".{}", number);
    const fs::path to = folder / name;
    if (is_taken(to)) continue;
    if (before) before(to);
    if (rename_to_free_name(file, to)) {
      if (sync_folder(folder) && sync_folder(file.parent_path())) return to;
      return failed(errno);
    }
    if (errno != EEXIST) return failed(errno);
  }
  return failed(EEXIST);
}

}  // namespace signet::cli
