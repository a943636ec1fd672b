#include "common/trusted_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>
#include <vector>

#include "common/secret.h"

namespace signet {

namespace fs = std::filesystem;

namespace {

FileError refused(const fs::path& file, std::string_view why) {
  return {fmt::format("{}: {}", file.string(), why)};
}

FileError refused_by_system(const fs::path& file, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return {fmt::format("{}: {}", file.string(), system_text(error_number)), missing};
}

bool may_own(uid_t owner, Owners owners) {
  return owner == 0 || (owners == Owners::root_or_self && owner == geteuid());
}

std::string wrong_owner(std::string_view what, uid_t owner, Owners owners) {
  const std::string allowed =
      owners == Owners::root ? "root" : fmt::format("root or this process's user ({})", geteuid());
  return fmt::format("{} belongs to user {}, but only {} may own it; change its owner (chown)",
                     what, owner, allowed);
}

Result<void, FileError> check_folder(const fs::path& file, const fs::path& folder,
                                     const struct stat& status, Owners owners) {
  const std::string what = fmt::format("its folder {}", folder.string());
  if (!may_own(status.st_uid, owners))
    return refused(file, wrong_owner(what, status.st_uid, owners));
  const bool shared = (status.st_mode & (S_IWGRP | S_IWOTH)) != 0;
  if (shared && (status.st_mode & S_ISVTX) == 0) {
    return refused(
        file, fmt::format("{0} can be changed by others (mode {1:04o}); run: chmod go-w {2}", what,
                          status.st_mode & 07777U, folder.string()));
  }
  return success();
}

bool is_in_group(gid_t group) {
  if (geteuid() == 0 || getegid() == group) return true;
  const int count = getgroups(0, nullptr);
  std::vector<gid_t> groups(static_cast<std::size_t>(std::max(count, 0)));
  groups.resize(static_cast<std::size_t>(std::max(getgroups(count, groups.data()), 0)));
  return std::ranges::find(groups, group) != groups.end();
}

unsigned forbidden_bits(const struct stat& status, Readers readers) {
  switch (readers) {
    case Readers::anyone:
      return 022;
    case Readers::owner_group:
      return 027;
    case Readers::owner_own_group:
      if (status.st_uid == 0 && is_in_group(status.st_gid)) return 027;
      break;
    case Readers::owner_only:
      break;
  }
  return 077;
}

Result<void, FileError> check_file(const fs::path& file, const struct stat& status,
                                   const FileDemands& demands) {
  if (!S_ISREG(status.st_mode)) return refused(file, "it is not a regular file");
  if (!may_own(status.st_uid, demands.owners)) {
    return refused(file, wrong_owner("it", status.st_uid, demands.owners));
  }
  const unsigned mode = status.st_mode & 07777U;
  if ((mode & 022U) != 0) {
    return refused(
        file, fmt::format("it can be changed by others (mode {:04o}); run: chmod go-w {}", mode,
                          file.string()));
  }
  if ((mode & forbidden_bits(status, demands.readers)) != 0) {
    return refused(file, fmt::format("it can be read by others (mode {:04o}); run: chmod 600 {}",
                                     mode, file.string()));
  }
  if (std::cmp_greater(status.st_size, demands.most)) {
    return refused(file, fmt::format("it is larger than {} bytes", demands.most));
  }
  return success();
}

// The folder in which a name was given, where that is a link to elsewhere.
Result<void, FileError> check_folder_of_link(const fs::path& file, const fs::path& real,
                                             Owners owners) {
  std::error_code ignored;
  const fs::path named = fs::absolute(file, ignored).parent_path();
  if (named == real.parent_path()) return success();
  struct stat status {};
  if (stat(named.c_str(), &status) != 0) return refused_by_system(file, errno);
  return check_folder(file, named, status, owners);
}

// One byte more than is expected, to see that there is no more. Files that the kernel makes up have the size 0.
std::size_t room_for(const Descriptor& opened, std::size_t most) {
  struct stat status {};
  if (fstat(opened.get(), &status) != 0 || status.st_size <= 0) return most + 1;
  return std::min(static_cast<std::size_t>(status.st_size), most) + 1;
}

}  // namespace

Result<Descriptor, FileError> open_trusted(const fs::path& file, const FileDemands& demands) {
  std::error_code failure;
  const fs::path real = fs::canonical(file, failure);
  if (failure) return refused_by_system(file, failure.value());
  BOOST_OUTCOME_TRY(check_folder_of_link(file, real, demands.owners));

  struct stat status {};
  const fs::path folder_path = real.parent_path();
  const Descriptor folder(
      ::open(folder_path.c_str(), O_PATH | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW));
  if (!folder || fstat(folder.get(), &status) != 0) return refused_by_system(file, errno);
  BOOST_OUTCOME_TRY(check_folder(file, folder_path, status, demands.owners));

  Descriptor opened(::openat(folder.get(), real.filename().c_str(),
                             O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY));
  if (!opened || fstat(opened.get(), &status) != 0) return refused_by_system(file, errno);
  BOOST_OUTCOME_TRY(check_file(file, status, demands));
  return opened;
}

Result<Bytes, FileError> read_trusted(const fs::path& file, const FileDemands& demands) {
  BOOST_OUTCOME_TRY(const Descriptor opened, open_trusted(file, demands));
  Bytes content(room_for(opened, demands.most));
  std::size_t size = 0;
  while (size < content.size()) {
    const ssize_t got = ::read(opened.get(), content.data() + size, content.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) {
      const int error_number = errno;
      wipe(content.data(), content.size());
      return refused_by_system(file, error_number);
    }
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  if (size == content.size()) {
    wipe(content.data(), content.size());
    return refused(file, size > demands.most
                             ? fmt::format("it is larger than {} bytes", demands.most)
                             : "it grew while it was read: try again");
  }
  content.resize(size);
  return content;
}

}  // namespace signet
