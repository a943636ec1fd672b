// Files that move between folders of one file system, never over another one.
#ifndef SIGNET_SIGNET_CLI_SEAL_FOLDERS_H_
#define SIGNET_SIGNET_CLI_SEAL_FOLDERS_H_

#include <filesystem>
#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "sealing/error.h"

namespace signet::cli {

// What tells one state of a file from every other: device, inode, size and time of change of its content, as a file name.
// Moving keeps it. Nothing where it is no regular file.
std::optional<std::string> identity_of(const std::filesystem::path& file);

// The files and folders in it. Failure::input where it cannot be read.
sealing::SealResult<std::vector<std::filesystem::path>> entries_of(
    const std::filesystem::path& folder);

// Into `folder` under its own name, or with ".2" and so on behind it where that is taken; on disk. Where it is now. `before`: is
// told where it will be, a name that is free, before it is there.
using BeforeMove = std::function<void(const std::filesystem::path& to)>;
sealing::SealResult<std::filesystem::path> move_into(const std::filesystem::path& file,
                                                     const std::filesystem::path& folder,
                                                     const BeforeMove& before = {});

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_FOLDERS_H_
