// An open file descriptor that is closed when its owner goes, unless its number stands for something else by then; and the
// system's words for errno.
#ifndef SIGNET_COMMON_DESCRIPTOR_H_
#define SIGNET_COMMON_DESCRIPTOR_H_

#include <unistd.h>

#include <string>
#include <system_error>
#include <utility>

#include "common/open_file.h"

namespace signet {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd), file_(OpenFile::of(fd)) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)), file_(other.file_) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    std::swap(file_, other.file_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }
  const OpenFile& file() const { return file_; }

  // Before a descriptor that was kept is used: whether it still stands for what it was given.
  bool is_ours() const { return fd_ >= 0 && OpenFile::of(fd_) == file_; }

  // The caller closes it.
  int release() { return std::exchange(fd_, -1); }

  void close() {
    if (is_ours()) ::close(fd_);
    fd_ = -1;
  }

 private:
  int fd_ = -1;
  OpenFile file_;
};

// "No such file or directory"; safe in threads, unlike strerror().
inline std::string system_text(int error_number) {
  return std::system_category().message(error_number);
}

}  // namespace signet

#endif  // SIGNET_COMMON_DESCRIPTOR_H_
