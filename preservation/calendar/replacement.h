// A document's file is replaced by its extended version, whole, so that it is the one or the other whatever happens.
#ifndef SIGNET_PRESERVATION_CALENDAR_REPLACEMENT_H_
#define SIGNET_PRESERVATION_CALENDAR_REPLACEMENT_H_

#include <cstdint>
#include <filesystem>
#include <span>

#include "common/file_error.h"
#include "common/file_stamp.h"
#include "common/result.h"

namespace signet::preservation {

// Where the extended version is made: beside the document, hidden, always the same name for one document: where that
// would be too long, its SHA-256 stands in place of the document's.
std::filesystem::path replacement_of(const std::filesystem::path& document);

// `perhaps`: under its new name, but the folder could not be synced, so that it may be the old file after a crash.
enum class Replaced : std::uint8_t { on_disk, perhaps };

// Whether replace_file() could give a file there the document's owner, as far as that matters: nothing is to be paid for before.
Result<void, FileError> try_replacement(const std::filesystem::path& document,
                                        const std::filesystem::path& replacement);

// Gives the replacement the document's mode, group and owner (common/file_owner.h); then its name, on disk. Refuses where the
// document is no longer the file of that stamp. The error's sentence does not name the document.
Result<Replaced, FileError> replace_file(const std::filesystem::path& document,
                                         const std::filesystem::path& replacement,
                                         const FileStamp& stamp);

// Deletes what an extension has made or begun under these names.
void remove_replacements(std::span<const std::filesystem::path> replacements);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_REPLACEMENT_H_
