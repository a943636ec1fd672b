// Who a file belongs to that takes another's place.
#ifndef SIGNET_COMMON_FILE_OWNER_H_
#define SIGNET_COMMON_FILE_OWNER_H_

#include <sys/stat.h>

namespace signet {

// Gives an open file the owner, group and mode of `former`. Only root may give a file away: for others it stays theirs, with the
// group where they are in it. False, with errno: who could read the former file could not read this one (EPERM), or the system
// refuses.
bool take_after(int file, const struct stat& former);

// What to tell people then.
inline constexpr const char* kLosesReaders =
    "who owns or reads it could no longer read what takes its place: run this as root or as its "
    "owner, or let its group read it";

}  // namespace signet

#endif  // SIGNET_COMMON_FILE_OWNER_H_
