#include "common/file_owner.h"

#include <sys/types.h>
#include <unistd.h>

#include <cerrno>

namespace signet {

namespace {

constexpr uid_t kSameOwner = static_cast<uid_t>(-1);

bool gives_owner(int file, const struct stat& former) {
  if (::fchown(file, former.st_uid, former.st_gid) == 0) return true;
  [[maybe_unused]] const int group = ::fchown(file, kSameOwner, former.st_gid);
  struct stat now {};
  if (::fstat(file, &now) != 0) return false;
  const bool same_owner = now.st_uid == former.st_uid;
  const bool same_group = now.st_gid == former.st_gid;
  if (same_owner && same_group) return true;
  // The former owner then reads as one of the group or as anybody, the former group as anybody.
  const bool by_all = (former.st_mode & S_IROTH) != 0;
  const bool by_group = (former.st_mode & S_IRGRP) != 0;
  if (by_all || (same_group && by_group) || (same_owner && !by_group)) return true;
  errno = EPERM;
  return false;
}

}  // namespace

bool take_after(int file, const struct stat& former) {
  // The mode comes last, since a new owner clears bits of it.
  return gives_owner(file, former) && ::fchmod(file, former.st_mode & ALLPERMS) == 0;
}

}  // namespace signet
