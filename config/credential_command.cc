#include "config/credential_command.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <spawn.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <optional>
#include <thread>

#include "common/descriptor.h"
#include "common/secret.h"
#include "common/trusted_file.h"
#include "config/close_from.h"

namespace signet::config {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLargestProgram = std::size_t{1} << 40U;  // its size does not matter
constexpr int kProgram = 3;                                     // its descriptor in the child

// The same whoever starts the host and in whatever state: PYTHONPATH, BASH_ENV and their like would decide what a program
// does that only root and the user may change.
std::vector<std::string> fixed_environment() {
  std::vector<std::string> variables = {
      "PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "LANG=C.UTF-8"};
  const uid_t user = geteuid();
  std::array<char, 16384> text{};
  passwd entry{};
  passwd* found = nullptr;
  if (getpwuid_r(user, &entry, text.data(), text.size(), &found) == 0 && found != nullptr) {
    variables.push_back(fmt::format("HOME={}", found->pw_dir));
    variables.push_back(fmt::format("USER={}", found->pw_name));
    variables.push_back(fmt::format("LOGNAME={}", found->pw_name));
  }
  // Where keyrings of the user's session are found.
  const std::string runtime = fmt::format("/run/user/{}", user);
  struct stat status {};
  if (lstat(runtime.c_str(), &status) == 0 && S_ISDIR(status.st_mode) && status.st_uid == user) {
    variables.push_back("XDG_RUNTIME_DIR=" + runtime);
  }
  return variables;
}

std::vector<char*> pointers_to(const std::vector<std::string>& texts) {
  std::vector<char*> pointers;
  for (const std::string& text : texts) pointers.push_back(const_cast<char*>(text.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// What to execute. A program is what the descriptor has open, in the child kProgram: the very file that was looked at. A
// script goes by its name, for its interpreter tells it that name, by which it finds the files beside it; nobody whom
// open_trusted() does not trust can exchange any part of it.
std::string path_to_execute(const Descriptor& program, const std::string& name) {
  std::array<char, 2> start{};
  const bool script =
      pread(program.get(), start.data(), start.size(), 0) == 2 && start == std::array{'#', '!'};
  return script ? name : fmt::format("/proc/self/fd/{}", kProgram);
}

// Above the child's own descriptors, for which the host's may be taken: it may have closed any of them.
Descriptor out_of_the_way(int descriptor) {
  return Descriptor(fcntl(descriptor, F_DUPFD_CLOEXEC, kProgram + 1));
}

// The settings of posix_spawn; a failure of any (memory) makes the whole unusable.
class SpawnSettings {
 public:
  SpawnSettings(int output, int program) {
    posix_spawn_file_actions_init(&actions_);
    posix_spawnattr_init(&attributes_);
    sigset_t none;
    sigset_t all;
    sigemptyset(&none);
    sigfillset(&all);
    const short flags = POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF | POSIX_SPAWN_SETPGROUP;
    usable_ =
        posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO) == 0 &&
        posix_spawn_file_actions_addopen(&actions_, STDIN_FILENO, "/dev/null", O_RDONLY, 0) == 0 &&
        posix_spawn_file_actions_adddup2(&actions_, program, kProgram) == 0 &&
        close_from(actions_, kProgram + 1) &&
        posix_spawnattr_setsigmask(&attributes_, &none) == 0 &&
        posix_spawnattr_setsigdefault(&attributes_, &all) == 0 &&
        posix_spawnattr_setpgroup(&attributes_, 0) == 0 &&
        posix_spawnattr_setflags(&attributes_, flags) == 0;
  }
  ~SpawnSettings() {
    posix_spawn_file_actions_destroy(&actions_);
    posix_spawnattr_destroy(&attributes_);
  }
  SpawnSettings(const SpawnSettings&) = delete;
  SpawnSettings& operator=(const SpawnSettings&) = delete;

  // 0, or an errno.
  int spawn(const std::string& path, const std::vector<std::string>& words, pid_t& child) const {
    if (!usable_) return ENOMEM;
    const std::vector<std::string> variables = fixed_environment();
    return posix_spawn(&child, path.c_str(), &actions_, &attributes_, pointers_to(words).data(),
                       pointers_to(variables).data());
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
  bool usable_ = false;
};

struct Pipe {
  Descriptor read_end;
  Descriptor write_end;
};

std::optional<Pipe> make_pipe() {
  std::array<int, 2> ends{};
  if (pipe2(ends.data(), O_CLOEXEC) != 0) return std::nullopt;
  const Descriptor low_read(ends[0]);
  const Descriptor low_write(ends[1]);
  Pipe pipe{out_of_the_way(ends[0]), out_of_the_way(ends[1])};
  if (!pipe.read_end || !pipe.write_end) return std::nullopt;
  return pipe;
}

// Bytes read until the output ended or the buffer was full; nothing where the deadline passed.
std::optional<std::size_t> read_until_end(int fd, Bytes& buffer, Deadline deadline) {
  std::size_t size = 0;
  while (size < buffer.size()) {
    pollfd ready{fd, POLLIN, 0};
    const int events = poll(&ready, 1, static_cast<int>(deadline.left().count()));
    if (events < 0 && errno == EINTR) continue;
    if (events <= 0) return std::nullopt;
    const ssize_t got = ::read(fd, buffer.data() + size, buffer.size() - size);
    if (got < 0 && errno == EINTR) continue;
    if (got <= 0) break;
    size += static_cast<std::size_t>(got);
  }
  return size;
}

enum class Ending { success, failure, unknown, late };

Ending await(pid_t child, Deadline deadline) {
  while (true) {
    int status = 0;
    const pid_t reaped = waitpid(child, &status, WNOHANG);
    if (reaped == child) {
      return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? Ending::success : Ending::failure;
    }
    if (reaped < 0 && errno != EINTR) return Ending::unknown;
    if (deadline.passed()) return Ending::late;
    std::this_thread::sleep_for(2ms);
  }
}

// With all that it started. Its id is still its own: it has not been reaped.
void end(pid_t child) {
  kill(-child, SIGKILL);
  kill(child, SIGKILL);
  while (waitpid(child, nullptr, 0) < 0 && errno == EINTR) {
  }
}

}  // namespace

std::vector<std::string> split_words(std::string_view text) {
  std::vector<std::string> words;
  while (true) {
    const std::size_t start = text.find_first_not_of(" \t");
    if (start == std::string_view::npos) return words;
    text.remove_prefix(start);
    const std::size_t end_of_word = std::min(text.find_first_of(" \t"), text.size());
    words.emplace_back(text.substr(0, end_of_word));
    text.remove_prefix(end_of_word);
  }
}

Result<Bytes, std::string> output_of(const std::vector<std::string>& words, Milliseconds limit,
                                     std::size_t most) {
  using namespace std::string_literals;
  const auto checked = open_trusted(words.front(), {.most = kLargestProgram});
  if (checked.has_error()) return "cannot be run: " + checked.error().sentence;
  const Descriptor program = out_of_the_way(checked.value().get());
  if (!program) return "cannot be run: " + system_text(errno);
  const Deadline deadline = Deadline::after(limit);
  auto pipe = make_pipe();
  if (!pipe) return "cannot be run: " + system_text(errno);
  pid_t child = 0;
  const int failure = SpawnSettings(pipe->write_end.get(), program.get())
                          .spawn(path_to_execute(program, words.front()), words, child);
  if (failure != 0) return "cannot be run: " + system_text(failure);
  pipe->write_end.close();

  Bytes output(most + 1);
  const auto size = read_until_end(pipe->read_end.get(), output, deadline);
  const bool fits = size && *size <= most;
  const Ending ending = fits ? await(child, deadline) : Ending::late;
  if (ending == Ending::late) end(child);
  if (ending == Ending::success || ending == Ending::unknown) {
    output.resize(*size);
    return output;
  }
  wipe(output.data(), output.size());
  if (size && !fits) return fmt::format("wrote more than {} bytes", most);
  if (ending == Ending::late) return fmt::format("took longer than {} ms", limit.count());
  return "failed; what it wrote to the standard error says why"s;
}

}  // namespace signet::config
