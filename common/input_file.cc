#include "common/input_file.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cerrno>

#include "common/printable.h"

namespace signet {

namespace {

constexpr std::time_t kSettled = 2;  // seconds; longer than any file system's time stamps are apart

FileError cannot_read(const std::string& name, int error_number) {
  return {fmt::format("cannot read \"{}\": {}", name, system_text(error_number)),
          error_number == ENOENT};
}

}  // namespace

bool read_at(int descriptor, std::uint64_t offset, std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = pread(descriptor, out.data(), out.size(), static_cast<off_t>(offset));
    if (got < 0 && errno == EINTR) continue;
    if (got == 0) errno = 0;
    if (got <= 0) return false;
    offset += static_cast<std::uint64_t>(got);
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return true;
}

Result<InputFile, FileError> InputFile::open(const std::filesystem::path& path) {
  InputFile made;
  made.name_ = printable(path.native());
  made.file_ = Descriptor(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK));
  if (!made.file_ || fstat(made.file_.get(), &made.opened_) != 0)
    return cannot_read(made.name_, errno);
  if (!S_ISREG(made.opened_.st_mode))
    return FileError{fmt::format("\"{}\" is not a regular file", made.name_)};
  made.opened_at_ = std::time(nullptr);
  posix_fadvise(made.file_.get(), 0, 0, POSIX_FADV_SEQUENTIAL);
  return made;
}

bool InputFile::read(std::uint64_t offset, std::span<std::uint8_t> out) const {
  return read_at(file_.get(), offset, out);
}

bool InputFile::is_unchanged() const {
  struct stat now {};
  return fstat(file_.get(), &now) == 0 && now.st_size == opened_.st_size &&
         now.st_mtim.tv_sec == opened_.st_mtim.tv_sec &&
         now.st_mtim.tv_nsec == opened_.st_mtim.tv_nsec;
}

bool InputFile::change_would_show() const {
  return opened_.st_mtim.tv_sec + kSettled < opened_at_;
}

}  // namespace signet
