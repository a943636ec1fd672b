#include "common/bounded_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "common/secret.h"

namespace signet {

namespace fs = std::filesystem;

namespace {

Result<void, FileError> check_status(const fs::path& file, const struct stat& status,
                                     std::size_t most) {
  if (!S_ISREG(status.st_mode)) return file_refused(file, "it is not a regular file");
  if (std::cmp_greater(status.st_size, most)) {
    return file_refused(file, fmt::format("it is larger than {} bytes", most));
  }
  return success();
}

// Bytes read until the end or until the buffer was full; -1 with errno.
ssize_t fill(const Descriptor& opened, Bytes& buffer) {
  std::size_t size = 0;
  while (size < buffer.size()) {
    const ssize_t got = ::read(opened.get(), buffer.data() + size, buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return -1;
    if (got == 0) break;
    size += static_cast<std::size_t>(got);
  }
  return static_cast<ssize_t>(size);
}

}  // namespace

FileError file_refused(const fs::path& file, std::string_view why) {
  return {fmt::format("{}: {}", file.string(), why)};
}

FileError file_refused_by_system(const fs::path& file, int error_number) {
  const bool missing = error_number == ENOENT || error_number == ENOTDIR;
  return {fmt::format("{}: {}", file.string(), system_text(error_number)), missing};
}

Result<void, FileError> check_bounded(const fs::path& file, std::size_t most) {
  struct stat status {};
  if (::stat(file.c_str(), &status) != 0) return file_refused_by_system(file, errno);
  return check_status(file, status, most);
}

Result<Bytes, FileError> read_opened(const Descriptor& opened, const fs::path& file,
                                     std::size_t most) {
  struct stat status {};
  if (::fstat(opened.get(), &status) != 0) return file_refused_by_system(file, errno);
  BOOST_OUTCOME_TRY(check_status(file, status, most));
  // One byte more than is expected, to see that there is no more. Files that the kernel makes up have the size 0.
  const auto expected = static_cast<std::size_t>(status.st_size);
  Bytes content((expected == 0 ? most : expected) + 1);
  const ssize_t size = fill(opened, content);
  const int error_number = errno;
  if (size < 0 || std::cmp_equal(size, content.size())) {
    wipe(content.data(), content.size());
    if (size < 0) return file_refused_by_system(file, error_number);
    return file_refused(file, std::cmp_greater(size, most)
                                  ? fmt::format("it is larger than {} bytes", most)
                                  : "it grew while it was read: try again");
  }
  content.resize(static_cast<std::size_t>(size));
  return content;
}

Result<Bytes, FileError> read_file(const fs::path& file, std::size_t most) {
  // Before it is opened: opening a device may move it.
  BOOST_OUTCOME_TRY(check_bounded(file, most));
  const Descriptor opened(::open(file.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  if (!opened) return file_refused_by_system(file, errno);
  return read_opened(opened, file, most);
}

}  // namespace signet
