#include "common/log_target.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

#include <cerrno>
#include <cstring>
#include <string_view>
#include <utility>

#include "common/descriptor.h"
#include "common/pid_lock.h"
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

// A daemon may have put anything in the place of standard error: where it is not what it was, only what others append to
// is written to, too (a terminal, /dev/null, a log).
class StderrTarget final : public Target {
 public:
  explicit StderrTarget(Format format) : format_(format), file_(OpenFile::of(STDERR_FILENO)) {}

  void write(const Entry& entry) noexcept override try {
    const OpenFile now = OpenFile::of(STDERR_FILENO);
    const bool appends = (fcntl(STDERR_FILENO, F_GETFL) & O_APPEND) != 0;
    if (now == file_ || S_ISCHR(now.mode()) || (S_ISREG(now.mode()) && appends)) {
      write_whole(STDERR_FILENO, line_of(entry, format_));
    }
  } catch (...) {  // no memory for the line: it is lost, the host goes on
  }

 private:
  Format format_;
  OpenFile file_;
};

// O_NONBLOCK: a FIFO of that name must not hold us; it means nothing to a regular file.
int open_log_file(const std::string& path) {
  return ::open(path.c_str(),
                O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY,
                0600);
}

class FileTarget final : public Target {
 public:
  FileTarget(std::string path, Descriptor file, Format format)
      : path_(std::move(path)),
        format_(format),
        file_(std::make_shared<const Descriptor>(std::move(file))) {}

  void write(const Entry& entry) noexcept override try {
    const auto file = current();
    if (file->is_ours()) write_whole(file->get(), line_of(entry, format_));
  } catch (...) {  // no memory for the line: it is lost, the host goes on
  }

 private:
  using File = std::shared_ptr<const Descriptor>;  // a thread that writes keeps it open

  // The file of that name: another one after a rotation, or where the host has closed ours.
  File current() {
    File file = exchange({});
    if (file->is_ours() && file->file() == OpenFile::named(path_.c_str())) return file;
    File fresh = std::make_shared<const Descriptor>(open_log_file(path_));
    if (!S_ISREG(fresh->file().mode())) return file;
    exchange(fresh);
    return fresh;
  }

  // What is kept, or was before `fresh`.
  File exchange(File fresh) {
    const MutexLock lock(lock_);
    if (fresh) file_.swap(fresh);
    return fresh ? fresh : file_;
  }

  const std::string path_;
  const Format format_;
  PidLock lock_;
  File file_ SIGNET_GUARDED_BY(lock_);
};

int datagram_socket() {
  return ::socket(AF_UNIX, SOCK_DGRAM | SOCK_CLOEXEC, 0);
}

using Frame = std::string (*)(const Entry&, std::string_view body);

class DatagramTarget final : public Target {
 public:
  DatagramTarget(const sockaddr_un& address, Frame frame, Format format)
      : address_(address), frame_(frame), format_(format) {}

  // Sent to the name each time: a reader that was restarted has a new socket there. And from a socket of its own each time:
  // one that is kept may be another's when the host has closed it.
  void write(const Entry& entry) noexcept override try {
    const std::string datagram = frame_(entry, body_of(entry, format_));
    const Descriptor socket(datagram_socket());
    (void)sendto(socket.get(), datagram.data(), datagram.size(), MSG_NOSIGNAL | MSG_DONTWAIT,
                 reinterpret_cast<const sockaddr*>(&address_), sizeof address_);
  } catch (...) {  // no memory for the line: it is lost, the host goes on
  }

 private:
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
  const Descriptor probe(datagram_socket());
  if (!probe) return cannot_open(name, system_text(errno));
  if (::connect(probe.get(), reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    return cannot_open(name, fmt::format("nothing receives at {} ({}); start its service or choose "
                                         "another target",
                                         path, system_text(errno)));
  }
  return std::make_unique<DatagramTarget>(address, frame, format);
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
  const mode_t mode = file.file().mode();
  if (!S_ISREG(mode) && !S_ISCHR(mode)) {
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
