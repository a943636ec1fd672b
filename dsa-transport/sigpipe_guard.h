// Keeps SIGPIPE from the host process while this thread writes to sockets: OpenSSL writes without
// MSG_NOSIGNAL, and the host's disposition of the signal is not ours to change.
#ifndef SIGNET_DSA_TRANSPORT_SIGPIPE_GUARD_H_
#define SIGNET_DSA_TRANSPORT_SIGPIPE_GUARD_H_

#include <signal.h>

#include <ctime>

namespace signet::transport {

class SigpipeGuard {
 public:
  SigpipeGuard() {
    sigemptyset(&pipe_);
    sigaddset(&pipe_, SIGPIPE);
    already_pending_ = pending();
    pthread_sigmask(SIG_BLOCK, &pipe_, &before_);
  }

  ~SigpipeGuard() {
    // One that came meanwhile is ours: take it off the thread before the signal is let through
    // again.
    if (!already_pending_ && pending()) {
      const timespec now{};
      sigtimedwait(&pipe_, nullptr, &now);
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }

  SigpipeGuard(const SigpipeGuard&) = delete;
  SigpipeGuard& operator=(const SigpipeGuard&) = delete;

 private:
  static bool pending() {
    sigset_t set;
    sigpending(&set);
    return sigismember(&set, SIGPIPE) == 1;
  }

  sigset_t pipe_{};
  sigset_t before_{};
  bool already_pending_ = false;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_SIGPIPE_GUARD_H_
