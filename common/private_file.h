// Files that a process keeps for itself (caches, figures): owner-only, replaced whole, in a folder
// where nobody else can exchange them.
#ifndef SIGNET_COMMON_PRIVATE_FILE_H_
#define SIGNET_COMMON_PRIVATE_FILE_H_

#include <cstddef>
#include <filesystem>
#include <optional>
#include <string_view>

#include "common/bytes.h"
#include "common/file_error.h"
#include "common/result.h"

namespace signet {

enum class Folder {
  own,     // belongs to the effective user, and nobody else may write to it
  shared,  // belongs to him or to root; others may write to it where it has the sticky bit
};

// Whether the folder is there and safe. The error's sentence goes on after the folder's name:
// "others may write to the folder".
Result<void, FileError> check_folder(const std::filesystem::path& folder, Folder demanded);

// Makes the folder (0700) and those above it (0755 at most, whatever the process's umask) where they are missing. False
// where it is not there afterwards; errno says why.
bool make_folder(const std::filesystem::path& folder);

// check_folder() after make_folder().
Result<void, FileError> prepare_folder(const std::filesystem::path& folder, Folder demanded);

// Names that were given or taken away in the folder are on disk, as far as its file system can do that. False: errno says why.
bool sync_folder(const std::filesystem::path& folder);

// A reader sees the former content or the new one, whole. Mode 0600. `whole`: also after a power cut; `durable`: after one it
// is the new content. Where that fails (the folder cannot be synced), the new content may be there all the same. `suffix`: what the name has until then; empty: one of its own for
// each writer. A leftover of the same suffix, of a process that was killed, is written over.
enum class Durability { none, whole, durable };
Result<void, FileError> replace_private_file(const std::filesystem::path& file, ByteView content,
                                             Durability durability, std::string_view suffix = {});

// Nothing where there is no such file. Fails for anything but a regular file of at most `most`
// bytes; a symbolic link is none.
struct OwnedContent {
  Bytes bytes;
  unsigned owner = 0;        // user id
  unsigned permissions = 0;  // mode & 07777
};
Result<std::optional<OwnedContent>, FileError> read_plain_file(const std::filesystem::path& file,
                                                               std::size_t most);

}  // namespace signet

#endif  // SIGNET_COMMON_PRIVATE_FILE_H_
