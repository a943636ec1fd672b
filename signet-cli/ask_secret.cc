#include "signet-cli/ask_secret.h"

#include <fcntl.h>
#include <termios.h>
#include <unistd.h>

#include <array>
#include <cerrno>

#include "common/descriptor.h"
#include "common/printable.h"

namespace signet::cli {

namespace {

// Echo is off as long as this lives.
class Silence {
 public:
  explicit Silence(int terminal) : terminal_(terminal) {
    silent_ = tcgetattr(terminal, &before_) == 0;
    termios quiet = before_;
    quiet.c_lflag &= ~static_cast<tcflag_t>(ECHO);
    silent_ = silent_ && tcsetattr(terminal, TCSAFLUSH, &quiet) == 0;
  }
  ~Silence() {
    if (silent_) tcsetattr(terminal_, TCSAFLUSH, &before_);
  }
  Silence(const Silence&) = delete;
  Silence& operator=(const Silence&) = delete;

  explicit operator bool() const { return silent_; }

 private:
  const int terminal_;
  termios before_{};
  bool silent_ = false;
};

void write_text(int descriptor, std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor, text.data(), text.size());
    if (count <= 0) return;
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

}  // namespace

Result<Secret, std::string> ask_secret(const std::string& what) {
  const Descriptor terminal(::open("/dev/tty", O_RDWR | O_CLOEXEC | O_NOCTTY));
  if (!terminal) return "there is no terminal to ask at: " + system_text(errno);
  const Silence silence(terminal.get());
  if (!silence) return std::string("the terminal's echo cannot be turned off");
  write_text(terminal.get(), printable(what) + ": ");
  std::array<char, 1024> line{};
  const ssize_t count = ::read(terminal.get(), line.data(), line.size());  // a line at a time
  write_text(terminal.get(), "\n");
  std::string_view text(line.data(), count > 0 ? static_cast<std::size_t>(count) : 0);
  if (text.ends_with('\n')) text.remove_suffix(1);
  Secret secret(text);
  wipe(line.data(), line.size());
  if (secret.empty()) return std::string("no PIN was given");
  return secret;
}

}  // namespace signet::cli
