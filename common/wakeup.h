// Ends the wait of a task from another task, in whatever thread that runs.
#ifndef SIGNET_COMMON_WAKEUP_H_
#define SIGNET_COMMON_WAKEUP_H_

#include <fcntl.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <optional>

#include "common/descriptor.h"
#include "common/mutex.h"
#include "common/task.h"

namespace signet {

// A task that has a waker needs no descriptor. For others there is a pipe, made with the first wait, and not an event descriptor:
// only what has an inode of its own can be told from what the host puts in its place.
class Wakeup {
 public:
  void wake() noexcept {
    const MutexLock lock(mutex_);
    woken_ = true;
    if (waker_ != nullptr) waker_->wake();
    if (pipe_ && pipe_->waking.is_ours()) (void)!::write(pipe_->waking.get(), "", 1);
  }

  // Before the waiter looks at what it waits for.
  void reset() {
    const MutexLock lock(mutex_);
    woken_ = false;
    std::array<char, 64> ignored{};
    constexpr auto all = static_cast<ssize_t>(ignored.size());
    while (works() && ::read(pipe_->waiting.get(), ignored.data(), ignored.size()) == all) {
    }
  }

  // Awaited: until it is woken, at most until that moment; may end early. One waiter at a time. Where the process has no
  // descriptor left for it, or has closed it, the waiter looks every few milliseconds.
  class Until {
   public:
    Until(Wakeup& wakeup, SteadyTime moment) : wakeup_(wakeup), moment_(moment) {}

    static bool await_ready() noexcept { return false; }
    template <typename Promise>
    void await_suspend(std::coroutine_handle<Promise> waiting) const {
      TaskCourse& course = *waiting.promise().course;
      course.pause(waiting, wakeup_.wait(moment_, course.waker()));
    }
    void await_resume() const { wakeup_.forget_waker(); }

   private:
    Wakeup& wakeup_;
    const SteadyTime moment_;
  };
  Until until(SteadyTime moment) { return {*this, moment}; }

  // The wait itself; `waker` null: with descriptors.
  Wait wait(SteadyTime moment, Waker* waker = nullptr) {
    constexpr Milliseconds look{5};
    const MutexLock lock(mutex_);
    if (woken_) return {.until = SteadyTime{}};  // the past: it is over
    waker_ = waker;
    if (waker != nullptr) return {.until = moment};
    if (!pipe_) open();
    if (!works()) return {.until = std::min(moment, std::chrono::steady_clock::now() + look)};
    poll_ = {.fd = pipe_->waiting.get(), .events = POLLIN, .revents = 0};
    return {.until = moment, .descriptors = {&poll_, 1}};
  }

 private:
  struct Pipe {
    Descriptor waiting;
    Descriptor waking;
  };

  void open() SIGNET_REQUIRES(mutex_) {
    std::array<int, 2> ends{};
    if (::pipe2(ends.data(), O_CLOEXEC | O_NONBLOCK) != 0) return;
    pipe_.emplace(Pipe{Descriptor(ends[0]), Descriptor(ends[1])});
  }
  bool works() const SIGNET_REQUIRES(mutex_) { return pipe_ && pipe_->waiting.is_ours(); }

  void forget_waker() {
    const MutexLock lock(mutex_);
    waker_ = nullptr;
  }

  Mutex mutex_;  // held for moments; the waker takes its own with it
  bool woken_ SIGNET_GUARDED_BY(mutex_) = false;
  Waker* waker_ SIGNET_GUARDED_BY(mutex_) = nullptr;
  std::optional<Pipe> pipe_ SIGNET_GUARDED_BY(mutex_);
  pollfd poll_{};  // the waiter's
};

}  // namespace signet

#endif  // SIGNET_COMMON_WAKEUP_H_
