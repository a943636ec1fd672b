// SHA-256 of a whole file.
#ifndef SIGNET_PRESERVATION_CALENDAR_FILE_DIGEST_H_
#define SIGNET_PRESERVATION_CALENDAR_FILE_DIGEST_H_

#include <cstdint>
#include <filesystem>
#include <string>

#include "common/file_error.h"
#include "common/result.h"

namespace signet::preservation {

struct FileDigest {
  std::string sha256;      // hexadecimal
  std::uint64_t size = 0;  // bytes
};

// Of a regular file of any size, read piece by piece. The error's sentence does not name the file.
Result<FileDigest, FileError> digest_of_file(const std::filesystem::path& file);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_CALENDAR_FILE_DIGEST_H_
