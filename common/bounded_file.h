// Files that somebody names: read whole and without waiting, and only where they are regular files of a bounded size. A
// FIFO would wait for its writer for ever, a device may have no end. For files on which trust rests see trusted_file.h,
// for those that a process keeps for itself private_file.h.
#ifndef SIGNET_COMMON_BOUNDED_FILE_H_
#define SIGNET_COMMON_BOUNDED_FILE_H_

#include <cstddef>
#include <filesystem>
#include <string_view>

#include "common/bytes.h"
#include "common/descriptor.h"
#include "common/file_error.h"
#include "common/result.h"

namespace signet {

// The whole content, of at most `most` bytes; the error's sentence begins with the file's name. It is read into memory
// that is reserved once, so that a secret leaves no copies behind; the caller wipes it.
Result<Bytes, FileError> read_file(const std::filesystem::path& file, std::size_t most);

// The same where somebody has opened it.
Result<Bytes, FileError> read_opened(const Descriptor& opened, const std::filesystem::path& file,
                                     std::size_t most);

// For libraries that open files themselves, by name.
Result<void, FileError> check_bounded(const std::filesystem::path& file, std::size_t most);

// Sentences of this kind.
FileError file_refused(const std::filesystem::path& file, std::string_view why);
FileError file_refused_by_system(const std::filesystem::path& file, int error_number);

}  // namespace signet

#endif  // SIGNET_COMMON_BOUNDED_FILE_H_
