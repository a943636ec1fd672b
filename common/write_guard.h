// Writing in somebody else's process, to files and sockets: neither a reader that is gone nor a limit on the size of
// files may send the host a signal. What the host does with these signals is not ours to change.
#ifndef SIGNET_COMMON_WRITE_GUARD_H_
#define SIGNET_COMMON_WRITE_GUARD_H_

#include <pthread.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <ctime>

namespace signet {

// While it lives, a write of this thread that would give SIGPIPE or SIGXFSZ (RLIMIT_FSIZE) fails with
// EPIPE or EFBIG only. Signals of that kind that wait already go on waiting. Its end may change errno.
class WriteGuard {
 public:
  WriteGuard() {
    sigset_t pending;
    sigpending(&pending);
    sigset_t blocked;
    sigemptyset(&blocked);
    sigemptyset(&ours_);
    for (const int signal : kSignals) {
      sigaddset(&blocked, signal);
      if (sigismember(&pending, signal) == 0) sigaddset(&ours_, signal);
    }
    pthread_sigmask(SIG_BLOCK, &blocked, &before_);
  }
  ~WriteGuard() {
    const timespec now{};
    for (;;) {
      const int taken = sigtimedwait(&ours_, nullptr, &now);
      if (taken == -1 && errno != EINTR) break;
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  WriteGuard(const WriteGuard&) = delete;
  WriteGuard& operator=(const WriteGuard&) = delete;

 private:
  static constexpr std::array kSignals = {SIGPIPE, SIGXFSZ};

  sigset_t ours_{};  // to be taken away at the end
  sigset_t before_{};
};

}  // namespace signet

#endif  // SIGNET_COMMON_WRITE_GUARD_H_
