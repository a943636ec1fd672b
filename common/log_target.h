// Where entries of the log go. A target belongs to the log, which counts its users; nothing here
// blocks for longer than the kernel takes for one write, and nothing raises a signal in the host.
#ifndef SIGNET_COMMON_LOG_TARGET_H_
#define SIGNET_COMMON_LOG_TARGET_H_

#include <memory>
#include <string>

#include "common/log.h"
#include "common/log_line.h"
#include "common/result.h"

namespace signet::log {

class Target {
 public:
  virtual ~Target() = default;
  virtual void write(const Entry& entry) noexcept = 0;
};

inline constexpr const char* kSyslogSocket = "/dev/log";
inline constexpr const char* kJournalSocket = "/run/systemd/journal/socket";

// The error of each is a sentence that names the target.
using MadeTarget = Result<std::unique_ptr<Target>, std::string>;

std::unique_ptr<Target> make_stderr_target(Format format);

// Appends to a regular file (or a character device), created with mode 0600 in a folder that
// exists. The last component may not be a symbolic link. When the name stands for another file than
// the one open (rotation), the file of that name is opened, or created again.
MadeTarget make_file_target(const std::string& path, Format format);

// A datagram per entry to the socket of that name. An entry that the reader has no room for is
// dropped.
MadeTarget make_syslog_target(const std::string& socket_path, Format format);
MadeTarget make_journal_target(const std::string& socket_path, Format format);

}  // namespace signet::log

#endif  // SIGNET_COMMON_LOG_TARGET_H_
