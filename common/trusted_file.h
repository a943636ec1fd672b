// Files whose content decides whom we trust: opened once, without waiting, and looked at through
// the open descriptor, so that nobody can exchange them between the look and the reading.
#ifndef SIGNET_COMMON_TRUSTED_FILE_H_
#define SIGNET_COMMON_TRUSTED_FILE_H_

#include <cstddef>
#include <filesystem>
#include <string>

#include "common/bytes.h"
#include "common/descriptor.h"
#include "common/file_error.h"
#include "common/result.h"

namespace signet {

enum class Readers {
  anyone,       // public content
  owner_only,   // no right for group or others
  owner_group,  // no right for others, reading for the group (systemd's credentials)
  owner_own_group,  // likewise where root owns it and this process is root's or in that group; else owner_only
};

enum class Owners {
  root_or_self,  // root or the effective user
  root,
};

struct FileDemands {
  std::size_t most;  // bytes; a larger file is refused
  Readers readers = Readers::anyone;
  Owners owners = Owners::root_or_self;
};

// Refused: anything but a regular file (nothing is read from a FIFO or a device); a file, or a folder or a symbolic link
// on the way to it from the root, that belongs to somebody else (a step on the way may be that of the owner of "/"); a file or a folder on the way that somebody other than
// its owner may change (a folder with the sticky bit is accepted: there nobody can exchange another's file).
Result<Descriptor, FileError> open_trusted(const std::filesystem::path& file,
                                           const FileDemands& demands);

// The whole content; as read_file() (bounded_file.h).
Result<Bytes, FileError> read_trusted(const std::filesystem::path& file,
                                      const FileDemands& demands);

}  // namespace signet

#endif  // SIGNET_COMMON_TRUSTED_FILE_H_
