#include "signet-cli/stop_signal.h"

#include <sys/eventfd.h>
#include <unistd.h>

#include <cerrno>
#include <cstdint>

namespace signet::cli {

namespace {

std::atomic<bool> stop_wanted{false};
std::atomic<int> stop_event{-1};

void on_stop(int /*signal*/) {
  const int before = errno;
  stop_wanted = true;
  const std::uint64_t one = 1;
  (void)!::write(stop_event, &one, sizeof one);
  errno = before;
}

}  // namespace

StopSignal::StopSignal() {
  stop_wanted = false;
  stop_event = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  struct sigaction action {};
  action.sa_handler = on_stop;
  action.sa_flags = static_cast<int>(SA_RESETHAND);
  for (std::size_t at = 0; at < kSignals.size(); ++at) {
    sigaction(kSignals[at], nullptr, &before_[at]);
    // What the caller ignores stays ignored (nohup).
    if (before_[at].sa_handler != SIG_IGN) sigaction(kSignals[at], &action, nullptr);
  }
}

StopSignal::~StopSignal() {
  for (std::size_t at = 0; at < kSignals.size(); ++at)
    sigaction(kSignals[at], &before_[at], nullptr);
  const int event = stop_event.exchange(-1);
  if (event >= 0) close(event);
}

const std::atomic<bool>& StopSignal::wanted() const {
  return stop_wanted;
}

int StopSignal::descriptor() const {
  return stop_event;
}

}  // namespace signet::cli
