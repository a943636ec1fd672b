// Ends the wait of a task from another task, in whatever thread that runs.
#ifndef SIGNET_COMMON_WAKEUP_H_
#define SIGNET_COMMON_WAKEUP_H_

#include <sys/eventfd.h>

#include <algorithm>

#include "common/descriptor.h"
#include "common/task.h"

namespace signet {

class Wakeup {
 public:
  Wakeup() : event_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {}

  void wake() noexcept {
    constexpr eventfd_t once = 1;
    if (event_) (void)::eventfd_write(event_.get(), once);
  }

  // Before the waiter looks at what it waits for.
  void reset() {
    eventfd_t ignored = 0;
    if (event_) (void)::eventfd_read(event_.get(), &ignored);
  }

  // Until it is woken, at most until that moment; may end early. One waiter at a time. Where the process has no
  // descriptor left for the event, the waiter looks every few milliseconds.
  Wait until(SteadyTime moment) {
    constexpr Milliseconds look{5};
    if (!event_) return {.until = std::min(moment, std::chrono::steady_clock::now() + look)};
    poll_ = {.fd = event_.get(), .events = POLLIN, .revents = 0};
    return {.until = moment, .descriptors = {&poll_, 1}};
  }

 private:
  const Descriptor event_;
  pollfd poll_{};
};

}  // namespace signet

#endif  // SIGNET_COMMON_WAKEUP_H_
