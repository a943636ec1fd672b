// A regular file of any size that is read at any place, as often as wanted, never as a whole.
#ifndef SIGNET_COMMON_INPUT_FILE_H_
#define SIGNET_COMMON_INPUT_FILE_H_

#include <sys/stat.h>

#include <cstdint>
#include <ctime>
#include <filesystem>
#include <span>
#include <string>

#include "common/descriptor.h"
#include "common/file_error.h"
#include "common/result.h"

namespace signet {

// Opened here and kept open. Any number of threads may read.
class InputFile {
 public:
  // Without waiting: a FIFO is refused. The error's sentence is printable.
  static Result<InputFile, FileError> open(const std::filesystem::path& path);

  std::uint64_t size() const { return static_cast<std::uint64_t>(opened_.st_size); }  // bytes
  const std::string& name() const { return name_; }                                   // printable

  // False where that many bytes cannot be read there; errno says why, 0: the file has become shorter.
  bool read(std::uint64_t offset, std::span<std::uint8_t> out) const;

  // False where the file was written to since it was opened: size, time.
  bool is_unchanged() const;

  // False where is_unchanged() could miss a change: the file was written to just before it was opened.
  bool change_would_show() const;

 private:
  std::string name_;
  Descriptor file_;
  struct stat opened_ {};
  std::time_t opened_at_ = 0;
};

// Fills `out` from this offset of an open file; false as InputFile::read().
bool read_at(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out);

}  // namespace signet

#endif  // SIGNET_COMMON_INPUT_FILE_H_
