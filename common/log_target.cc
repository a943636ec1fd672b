#include "common/log_target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "common/descriptor.h"
#include "common/write_guard.h"

namespace signet::log {

namespace {

std::string cannot_open(std::string_view target, std::string_view why) {
  return fmt::format("cannot open the log \"{}\": {}", target, why);
}

std::string line_of(const Entry& entry, Format format) {
  return format == Format::json ? json_object(entry) + "\n" : text_line(entry);
}

std::string body_of(const Entry& entry, Format format) {
  return format == Format::json ? json_object(entry) : message_text(entry);
}

void write_whole(int fd, std::string_view line) {
  const WriteGuard no_signal;
  while (!line.empty()) {
    const ssize_t written = ::write(fd, line.data(), line.size());
    if (written < 0 && errno == EINTR) continue;
    if (written <= 0) return;
    line.remove_prefix(static_cast<std::size_t>(written));
  }
}

class StderrTarget final : public Target {
 public:
  explicit StderrTarget(Format format) : format_(format) {}

  void write(const Entry& entry) noexcept override try {
    write_whole(STDERR_FILENO, line_of(entry, format_));
  } catch (...) {  // no memory for the line: it is lost, the host goes on
  }

 private:
  Format format_;
};

// O_NONBLOCK: a FIFO of that name must not hold us; it means nothing to a regular file.
int open_log_file(const std::string& path) {
  return ::open(path.c_str(),
                O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
                0600);
}

bool same_file(const struct stat& a, const struct stat& b) {
  return a.st_dev == b.st_dev && a.st_ino == b.st_ino;
}

class FileTarget final : public Target {
 public:
  FileTarget(std::string path, Descriptor file, Format format)
      : path_(std::move(path)), file_(std::move(file)), format_(format) {}

  void write(const Entry& entry) noexcept override try {
    follow_rotation();
    write_whole(file_.get(), line_of(entry, format_));
  } catch (...) {  // no memory for the line: it is lost, the host goes on
  }

 private:
  // dup3 puts the new file under the same number in one step: a thread that writes meanwhile
  // reaches the old or the new file, never another one.
  void follow_rotation() const {
    struct stat named {};
    struct stat opened {};
    if (fstat(file_.get(), &opened) != 0) return;
    if (lstat(path_.c_str(), &named) == 0 && same_file(named, opened)) return;
    const Descriptor fresh(open_log_file(path_));
    if (!fresh || fstat(fresh.get(), &named) != 0 || !S_ISREG(named.st_mode)) return;
    dup3(fresh.get(), file_.get(), O_CLOEXEC);
  }

  std::string path_;
  Descriptor file_;
  Format format_;
};

using Frame = std::string (*)(const Entry&, std::string_view body);

class DatagramTarget final : public Target {
 public:
  DatagramTarget(Descriptor socket, const sockaddr_un& address, Frame frame, Format format)
      : socket_(std::move(socket)), address_(address), frame_(frame), format_(format) {}

  // Sent to the name each time: a reader that was restarted has a new socket there.
  void write(const Entry& entry) noexcept override try {
    const std::string datagram = frame_(entry, body_of(entry, format_));
    (void)sendto(socket_.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
  } catch (...) {  // no memory for the line: it is lost, the host goes on
  }

 private:
  Descriptor socket_;
  sockaddr_un address_;
  Frame frame_;
  Format format_;
};

MadeTarget make_datagram_target(std::string_view name, const std::string& path, Frame frame,
                                Format format) {
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  if (path.size() >= sizeof address.sun_path) {
    return cannot_open(name, fmt::format("the socket's path {} is too long", path));
  }
  std::memcpy(address.sun_path, path.data(), path.size());
  Descriptor socket(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  Descriptor probe(::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0));
  if (!socket || !probe) return cannot_open(name, system_text(errno));
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return cannot_open(name, fmt::format("nothing receives at {} ({}); start its service or choose "
                                         "another target",
                                         path, system_text(errno)));
  }
  return std::make_unique<DatagramTarget>(std::move(socket), address, frame, format);
}

}  // namespace

std::unique_ptr<Target> make_stderr_target(Format format) {
  return std::make_unique<StderrTarget>(format);
}

MadeTarget make_file_target(const std::string& path, Format format) {
  Descriptor file(open_log_file(path));
  if (!file) {
    return cannot_open(
        path, errno == ELOOP ? "it is a symbolic link; name the file itself" : system_text(errno));
  }
  struct stat status {};
  if (fstat(file.get(), &status) != 0 || !(S_ISREG(status.st_mode) || S_ISCHR(status.st_mode))) {
    return cannot_open(path, "it is not a regular file");
  }
  return std::make_unique<FileTarget>(path, std::move(file), format);
}

MadeTarget make_syslog_target(const std::string& socket_path, Format format) {
  return make_datagram_target("syslog", socket_path, syslog_datagram, format);
}

MadeTarget make_journal_target(const std::string& socket_path, Format format) {
  return make_datagram_target("journald", socket_path, journal_datagram, format);
}

}  // namespace signet::log
