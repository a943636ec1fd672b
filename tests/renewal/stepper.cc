// Runs a program and kills it right after its N-th call that writes or sends; the calls are found while
// it runs, in all of its threads. Programs that it starts are left alone.
//
//   stepper N COMMAND...     N = 0: only counts
//
// Writes one line to the standard error: "killed after N: NAME", or "ended by itself after N calls".
// Exit status: 0 killed, 1 it ended by itself with a failure, 3 it ended by itself with success,
// 2 wrong usage or no ptrace.
#include <fcntl.h>
#include <signal.h>
#include <sys/ptrace.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <charconv>
#include <cstdint>
#include <iostream>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace {

struct Call {
  long number;
  std::string_view name;
};

// What changes a file, a folder or what the other end of a connection knows.
constexpr std::array kWriting{
    Call{SYS_write, "write"},
    Call{SYS_writev, "writev"},
    Call{SYS_pwrite64, "pwrite64"},
    Call{SYS_pwritev, "pwritev"},
    Call{SYS_sendto, "sendto"},
    Call{SYS_sendmsg, "sendmsg"},
    Call{SYS_sendmmsg, "sendmmsg"},
    Call{SYS_sendfile, "sendfile"},
    Call{SYS_copy_file_range, "copy_file_range"},
    Call{SYS_fsync, "fsync"},
    Call{SYS_fdatasync, "fdatasync"},
    Call{SYS_ftruncate, "ftruncate"},
    Call{SYS_fallocate, "fallocate"},
    Call{SYS_connect, "connect"},
    Call{SYS_shutdown, "shutdown"},
    Call{SYS_renameat, "renameat"},
    Call{SYS_renameat2, "renameat2"},
    Call{SYS_unlinkat, "unlinkat"},
    Call{SYS_mkdirat, "mkdirat"},
    Call{SYS_linkat, "linkat"},
    Call{SYS_fchmod, "fchmod"},
    Call{SYS_fchown, "fchown"},
#ifdef SYS_rename
    Call{SYS_rename, "rename"},
    Call{SYS_unlink, "unlink"},
    Call{SYS_mkdir, "mkdir"},
    Call{SYS_link, "link"},
#endif
};

// One stop of a thread at the beginning or the end of a call.
struct Stop {
  bool entry = false;
  std::uint64_t number = 0;
  std::array<std::uint64_t, 6> arguments{};
};

Stop stop_of(pid_t thread) {
  __ptrace_syscall_info info{};
  if (ptrace(PTRACE_GET_SYSCALL_INFO, thread, sizeof info, &info) < 0) return {};
  Stop stop;
  stop.entry = info.op == PTRACE_SYSCALL_INFO_ENTRY;
  if (!stop.entry) return stop;
  stop.number = info.entry.nr;
  std::copy(std::begin(info.entry.args), std::end(info.entry.args), stop.arguments.begin());
  return stop;
}

// The call's name, or nothing for one that only reads.
std::string_view writing(const Stop& stop) {
  if (stop.number == SYS_openat)
    return (stop.arguments[2] & (O_CREAT | O_TRUNC)) != 0 ? "openat" : std::string_view();
  const auto found = std::find_if(kWriting.begin(), kWriting.end(), [&](const Call& call) {
    return static_cast<std::uint64_t>(call.number) == stop.number;
  });
  return found == kWriting.end() ? std::string_view() : found->name;
}

class Stepper {
 public:
  Stepper(pid_t program, unsigned kill_after) : program_(program), kill_after_(kill_after) {}

  int run() {
    int status = 0;
    if (waitpid(program_, &status, 0) != program_ || !WIFSTOPPED(status)) return 2;
    constexpr long kOptions =
        PTRACE_O_TRACESYSGOOD | PTRACE_O_TRACECLONE | PTRACE_O_TRACEEXEC | PTRACE_O_EXITKILL;
    if (ptrace(PTRACE_SETOPTIONS, program_, nullptr, kOptions) != 0) return 2;
    go_on(program_, 0);
    while (true) {
      const pid_t thread = waitpid(-1, &status, __WALL);
      if (thread < 0 && errno == EINTR) continue;
      if (thread < 0) return 2;
      if (WIFSTOPPED(status)) {
        stopped(thread, status);
      } else if (thread == program_) {
        return ended(status);
      }
    }
  }

 private:
  void stopped(pid_t thread, int status) {
    constexpr int kSyscallStop = SIGTRAP | 0x80;
    if (WSTOPSIG(status) == kSyscallStop) {
      at_call(thread);
      go_on(thread, 0);
      return;
    }
    const bool event = WSTOPSIG(status) == SIGTRAP && (status >> 16) != 0;
    const bool new_thread = WSTOPSIG(status) == SIGSTOP && under_way_.count(thread) == 0;
    if (new_thread) under_way_[thread] = {};
    go_on(thread, event || new_thread ? 0 : WSTOPSIG(status));
  }

  // Killed at the end of the call: what was written or sent is, and the program never learns.
  void at_call(pid_t thread) {
    const Stop stop = stop_of(thread);
    if (stop.entry) {
      under_way_[thread] = writing(stop);
      return;
    }
    const std::string_view name = under_way_[thread];
    under_way_[thread] = {};
    if (name.empty() || killed_) return;
    ++count_;
    if (count_ != kill_after_) return;
    killed_ = true;
    last_ = name;
    kill(program_, SIGKILL);
  }

  static void go_on(pid_t thread, int signal_number) {
    ptrace(PTRACE_SYSCALL, thread, nullptr, static_cast<long>(signal_number));
  }

  int ended(int status) const {
    if (killed_) {
      std::cerr << "killed after " << count_ << ": " << last_ << '\n';
      return 0;
    }
    std::cerr << "ended by itself after " << count_ << " calls\n";
    return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 3 : 1;
  }

  pid_t program_;
  unsigned kill_after_;
  unsigned count_ = 0;
  bool killed_ = false;
  std::string last_;
  std::unordered_map<pid_t, std::string_view> under_way_;  // the writing call of each thread
};

}  // namespace

int main(int argc, char** argv) {
  const std::vector<std::string_view> words(argv, argv + argc);
  unsigned kill_after = 0;
  if (words.size() < 3 ||
      std::from_chars(words[1].data(), words[1].data() + words[1].size(), kill_after).ec !=
          std::errc()) {
    std::cerr << "usage: stepper N COMMAND...\n";
    return 2;
  }
  const pid_t program = fork();
  if (program == 0) {
    if (ptrace(PTRACE_TRACEME, 0, nullptr, nullptr) != 0) _exit(127);
    raise(SIGSTOP);
    execvp(argv[2], argv + 2);
    _exit(127);
  }
  if (program < 0) return 2;
  return Stepper(program, kill_after).run();
}
