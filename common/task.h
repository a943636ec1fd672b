// Work that waits without keeping a thread: a coroutine that is started, stepped and finished. Whatever it waits for
// is named, so that one thread can serve many tasks with poll(2). Destroying a task cancels it.
//
//   Task<Answer<Signatures>> task = appliance.start_sign(who, request, deadline);  // nothing has happened yet
//   if (!task.step()) ...                                                        // it waits for task.wait()
//   Answer<Signatures> answer = task.finish();                                     // blocks where it is not done
//
// A task belongs to one thread at a time. What a coroutine got by reference must live as long as its task.
#ifndef SIGNET_COMMON_TASK_H_
#define SIGNET_COMMON_TASK_H_

#include <poll.h>

#include <coroutine>
#include <exception>
#include <optional>
#include <span>
#include <utility>

#include "common/clock.h"

namespace signet {

// What a coroutine waits for with co_await: a moment, or an event on a descriptor, whichever comes first.
struct Wait {
  SteadyTime until = SteadyTime::max();
  // Of the one who waits, valid until it goes on. Whoever polls fills in `revents`; the waiter clears it.
  std::span<pollfd> descriptors = {};

  // Whether it is over. Looks at the descriptors without blocking.
  bool over() const;

  static bool await_ready() noexcept { return false; }
  template <typename Promise>
  void await_suspend(std::coroutine_handle<Promise> waiting) const noexcept {
    waiting.promise().course->pause(waiting, *this);
  }
  static void await_resume() noexcept {}
};

inline Wait wait_for(Milliseconds span) {
  return {.until = std::chrono::steady_clock::now() + span};
}

// Blocks until one of them is over; `revents` of all are filled in. May return early.
void wait_for_any(std::span<const Wait> waits);

// Who steps a task, as those see it who end its waits: told in whatever thread the reason arose and with whatever locks held
// there, it takes note and does no more.
class Waker {
 public:
  virtual void wake() noexcept = 0;

 protected:
  ~Waker() = default;
};

// Of a task and the tasks that it awaits, one inside the other: the innermost goes on first.
class TaskCourse {
 public:
  explicit TaskCourse(std::coroutine_handle<> outermost) : next_(outermost) {}

  const Wait& wait() const { return wait_; }
  void end_wait() noexcept { wait_ = {.until = SteadyTime::min()}; }

  Waker* waker() const { return waker_; }
  void set_waker(Waker* waker) noexcept { waker_ = waker; }

  // Runs until something waits or the outermost is done.
  void go_on();

  void pause(std::coroutine_handle<> waiting, const Wait& wait) noexcept;
  void enter(std::coroutine_handle<> next) noexcept { next_ = next; }  // null: nothing is left

 private:
  std::coroutine_handle<> next_;
  Wait wait_{.until = SteadyTime::min()};
  Waker* waker_ = nullptr;
  bool paused_ = false;
};

template <typename T>
class [[nodiscard]] Task {
 public:
  struct promise_type;
  using Handle = std::coroutine_handle<promise_type>;

  Task(Task&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Task& operator=(Task&& other) noexcept {
    std::swap(handle_, other.handle_);
    return *this;
  }
  ~Task() {
    if (handle_) handle_.destroy();
  }

  // Goes on where its wait is over, and never blocks. True once the task is done.
  bool step() {
    if (!done() && wait().over()) course().go_on();
    return done();
  }

  bool done() const { return handle_.done(); }

  // What an unfinished task waits for; valid until the next step.
  const Wait& wait() const { return handle_.promise().own_course.wait(); }

  // Whom a Wakeup tells, in place of a descriptor; before the first step, and it outlives the task. Who was told calls
  // end_wait(), so that the next step goes on. Such a task is not finished by finish() before it is done.
  void set_waker(Waker& waker) { course().set_waker(&waker); }
  void end_wait() { course().end_wait(); }

  // The result, once. Blocks until the task is done. Throws what the coroutine threw.
  T finish() {
    while (!step()) wait_for_any({&wait(), 1});
    return handle_.promise().take();
  }

  // A coroutine that awaits another task goes on with its result.
  class Awaiter {
   public:
    explicit Awaiter(Handle handle) : handle_(handle) {}
    static bool await_ready() noexcept { return false; }
    template <typename Promise>
    void await_suspend(std::coroutine_handle<Promise> caller) noexcept {
      promise_type& promise = handle_.promise();
      promise.caller = caller;
      promise.course = caller.promise().course;
      promise.course->enter(handle_);
    }
    T await_resume() { return handle_.promise().take(); }

   private:
    Handle handle_;
  };
  Awaiter operator co_await() && noexcept { return Awaiter(handle_); }

 private:
  explicit Task(Handle handle) : handle_(handle) {}
  TaskCourse& course() const { return handle_.promise().own_course; }

  Handle handle_;
};

template <typename T>
struct Task<T>::promise_type {
  struct Final {
    static bool await_ready() noexcept { return false; }
    static void await_suspend(Handle ended) noexcept {
      ended.promise().course->enter(ended.promise().caller);
    }
    static void await_resume() noexcept {}
  };

  Task get_return_object() { return Task(Handle::from_promise(*this)); }
  static std::suspend_always initial_suspend() noexcept { return {}; }
  static Final final_suspend() noexcept { return {}; }
  void return_value(T result) { value.emplace(std::move(result)); }
  void unhandled_exception() noexcept { thrown = std::current_exception(); }

  T take() {
    if (thrown) std::rethrow_exception(std::exchange(thrown, nullptr));
    return *std::move(value);
  }

  TaskCourse own_course{Handle::from_promise(*this)};
  TaskCourse* course = &own_course;  // of the outermost task
  std::coroutine_handle<> caller;    // null: this is the outermost
  std::optional<T> value;
  std::exception_ptr thrown;
};

}  // namespace signet

#endif  // SIGNET_COMMON_TASK_H_
