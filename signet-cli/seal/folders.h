// Files that move between folders of one file system, never over another one.
#ifndef SIGNET_SIGNET_CLI_SEAL_FOLDERS_H_
#define SIGNET_SIGNET_CLI_SEAL_FOLDERS_H_

#include <filesystem>
#include <optional>
#include <string>

#include "sealing/error.h"

namespace signet::cli {

// What tells one state of a file from every other: device, inode, size and time of change of its content, as a file name.
// Moving keeps it. Nothing where it is no regular file.
std::optional<std::string> identity_of(const std::filesystem::path& file);

// Into `folder` under its own name, or with ".2" and so on behind it where that is taken; on disk. Where it is now.
sealing::SealResult<std::filesystem::path> move_into(const std::filesystem::path& file,
                                                     const std::filesystem::path& folder);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_FOLDERS_H_
