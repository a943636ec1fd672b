// SIGINT, SIGTERM and SIGHUP as a wish to stop, while an object of this kind lives. The second signal ends the process as
// ever.
#ifndef SIGNET_SIGNET_CLI_STOP_SIGNAL_H_
#define SIGNET_SIGNET_CLI_STOP_SIGNAL_H_

#include <signal.h>

#include <array>
#include <atomic>

namespace signet::cli {

// One at a time in a process.
class StopSignal {
 public:
  StopSignal();
  ~StopSignal();
  StopSignal(const StopSignal&) = delete;
  StopSignal& operator=(const StopSignal&) = delete;

  // Set by the handler; also readable as a descriptor that poll() takes.
  const std::atomic<bool>& wanted() const;
  int descriptor() const;

 private:
  static constexpr std::array kSignals = {SIGINT, SIGTERM, SIGHUP};

  std::array<struct sigaction, kSignals.size()> before_{};
};

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_STOP_SIGNAL_H_
