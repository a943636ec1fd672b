// Keeps the trusted lists that decided whom to trust, since they may not stay public (TS 119 511, and (EU) 2025/1946).
//
// The archive is a folder of plain files, each named after its own SHA-256: DIGEST.xml are the lists, SET.sha256 names the lists of
// one use in the form of sha256sum, so that "sha256sum -c SET.sha256" in the folder proves them.
#ifndef SIGNET_PRESERVATION_CALENDAR_LIST_ARCHIVE_H_
#define SIGNET_PRESERVATION_CALENDAR_LIST_ARCHIVE_H_

#include <filesystem>
#include <string>

#include "common/file_error.h"
#include "common/result.h"
#include "validation/trusted_lists/trusted_lists.h"

namespace signet::preservation {

// Beside the register: "register.db.lists".
std::filesystem::path list_archive_of(const std::filesystem::path& register_file);

// Copies what the archive lacks, and gives the name of the set (SHA-256, hexadecimal). Only lists that count are kept. Fails
// where a list cannot be read or is another one now, or the archive cannot be written.
Result<std::string, FileError> keep_lists(const std::filesystem::path& folder,
                                          const validation::TrustedLists& lists,
                                          const std::filesystem::path& archive);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_LIST_ARCHIVE_H_
