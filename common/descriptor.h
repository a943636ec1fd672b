// An open file descriptor that is closed when its owner goes, and the system's words for errno.
#ifndef SIGNET_COMMON_DESCRIPTOR_H_
#define SIGNET_COMMON_DESCRIPTOR_H_

#include <unistd.h>

#include <string>
#include <system_error>
#include <utility>

namespace signet {

class Descriptor {
 public:
  Descriptor() = default;
  explicit Descriptor(int fd) : fd_(fd) {}
  Descriptor(Descriptor&& other) noexcept : fd_(std::exchange(other.fd_, -1)) {}
  Descriptor& operator=(Descriptor&& other) noexcept {
    std::swap(fd_, other.fd_);
    return *this;
  }
  Descriptor(const Descriptor&) = delete;
  Descriptor& operator=(const Descriptor&) = delete;
  ~Descriptor() { close(); }

  explicit operator bool() const { return fd_ >= 0; }
  int get() const { return fd_; }

  void close() {
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }

 private:
  int fd_ = -1;
};

// "No such file or directory"; safe in threads, unlike strerror().
inline std::string system_text(int error_number) {
  return std::system_category().message(error_number);
}

}  // namespace signet

#endif  // SIGNET_COMMON_DESCRIPTOR_H_
