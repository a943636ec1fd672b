#include "common/file_owner.h"

#include <grp.h>
#include <pwd.h>
#include <sys/types.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <optional>
#include <vector>

#include "common/descriptor.h"

namespace signet {

namespace {

constexpr uid_t kSameOwner = static_cast<uid_t>(-1);

FileError by_system(int error_number) {
  return {system_text(error_number)};
}

FileError loses_readers() {
  return {
      "who owns or reads it could no longer read what takes its place: run this as root or as its "
      "owner, or let a group read it that its owner is in, too"};
}

// As the system's databases have it. Nothing: the user is not known there.
std::optional<bool> is_in_group(uid_t user, gid_t group) {
  constexpr int kMostGroups = 65'536;  // Linux has no process in more
  std::vector<char> room(64UL * 1024);
  passwd entry{};
  passwd* found = nullptr;
  if (::getpwuid_r(user, &entry, room.data(), room.size(), &found) != 0 || found == nullptr)
    return std::nullopt;
  std::vector<gid_t> groups(64);
  int count = static_cast<int>(groups.size());
  if (::getgrouplist(found->pw_name, found->pw_gid, groups.data(), &count) < 0) {
    groups.resize(static_cast<std::size_t>(std::clamp(count, 1, kMostGroups)));
    count = static_cast<int>(groups.size());
    if (::getgrouplist(found->pw_name, found->pw_gid, groups.data(), &count) < 0) return false;
  }
  groups.resize(static_cast<std::size_t>(count));
  return std::ranges::find(groups, group) != groups.end();
}

// Whether all who could read the former file can read one that is `now`, with the former mode.
bool keeps_readers(const struct stat& former, const struct stat& now) {
  const bool same_owner = now.st_uid == former.st_uid;
  const bool same_group = now.st_gid == former.st_gid;
  const bool by_owner = (former.st_mode & S_IRUSR) != 0;
  const bool by_group = (former.st_mode & S_IRGRP) != 0;
  const bool by_all = (former.st_mode & S_IROTH) != 0;
  // Of another group, its former one reads as anybody does.
  if (!same_group && by_group && !by_all) return false;
  // Of another owner, its former one reads as one of the group or as anybody does.
  if (same_owner || !by_owner || (by_group && by_all)) return true;
  const bool in_group = is_in_group(former.st_uid, now.st_gid).value_or(by_group);
  return in_group ? by_group : by_all;
}

Result<void, FileError> give_owner(int file, const struct stat& former) {
  if (::fchown(file, former.st_uid, former.st_gid) == 0) return success();
  [[maybe_unused]] const int group = ::fchown(file, kSameOwner, former.st_gid);
  struct stat now {};
  if (::fstat(file, &now) != 0) return by_system(errno);
  if (!keeps_readers(former, now)) return loses_readers();
  return success();
}

}  // namespace

Result<void, FileError> take_after(int file, const struct stat& former) {
  BOOST_OUTCOME_TRY(give_owner(file, former));
  // The mode comes last, since a new owner clears bits of it.
  if (::fchmod(file, former.st_mode & ALLPERMS) != 0) return by_system(errno);
  return success();
}

}  // namespace signet
