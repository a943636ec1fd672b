// Ends the wait of a task from another task, in whatever thread that runs.
#ifndef SIGNET_COMMON_WAKEUP_H_
#define SIGNET_COMMON_WAKEUP_H_

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>

#include "common/descriptor.h"
#include "common/task.h"

namespace signet {

// A pipe and not an event descriptor: only what has an inode of its own can be told from what the host puts in its place.
class Wakeup {
 public:
  Wakeup() {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
    waiting_ = Descriptor(ends[0]);
    waking_ = Descriptor(ends[1]);
  }

  void wake() noexcept {
    if (works() && waking_.is_ours()) (void)!::write(waking_.get(), "", 1);
  }

  // Before the waiter looks at what it waits for.
  void reset() {
    std::array<char, 64> ignored{};
    constexpr auto all = static_cast<ssize_t>(ignored.size());
    while (works() && ::read(waiting_.get(), ignored.data(), ignored.size()) == all) {
    }
  }

  // Until it is woken, at most until that moment; may end early. One waiter at a time. Where the process has no
  // descriptor left for it, or has closed it, the waiter looks every few milliseconds.
  Wait until(SteadyTime moment) {
    constexpr Milliseconds look{5};
    if (!works()) return {.until = std::min(moment, std::chrono::steady_clock::now() + look)};
    poll_ = {.fd = waiting_.get(), .events = POLLIN, .revents = 0};
    return {.until = moment, .descriptors = {&poll_, 1}};
  }

 private:
  bool works() const { return waiting_.is_ours(); }

  Descriptor waiting_;
  Descriptor waking_;
  pollfd poll_{};
};

}  // namespace signet

#endif  // SIGNET_COMMON_WAKEUP_H_
