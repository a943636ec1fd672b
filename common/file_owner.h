// Who a file belongs to that takes another's place.
#ifndef SIGNET_COMMON_FILE_OWNER_H_
#define SIGNET_COMMON_FILE_OWNER_H_

#include <sys/stat.h>

#include "common/file_error.h"
#include "common/result.h"

namespace signet {

// Gives an open file the owner, group and mode of `former`. Only root may give a file away: for others it stays theirs, with the
// group where they are in it. Refused where somebody whom the mode let read the former file could not read this one: its owner,
// unless he is in the group that may, or one of its group. An owner whom the system does not know is taken for one of the group.
// The error's sentence does not name the file.
Result<void, FileError> take_after(int file, const struct stat& former);

}  // namespace signet

#endif  // SIGNET_COMMON_FILE_OWNER_H_
