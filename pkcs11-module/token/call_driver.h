// Steps the pending calls of all asynchronous sessions, from the calls that come in: there is no thread of ours. A call that
// waits for another's request (sign_batcher.h) needs no descriptor for that, so that thousands can be under way.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_CALL_DRIVER_H_
#define SIGNET_PKCS11_MODULE_TOKEN_CALL_DRIVER_H_

#include <poll.h>

#include <algorithm>
#include <atomic>
#include <memory>
#include <set>
#include <unordered_map>
#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/mutex.h"
#include "common/task.h"
#include "pkcs11-module/token/pending_call.h"

namespace signet::token {

// Thread-safe: one thread steps at a time, and the others go on with what they came for. Its locks are taken before those of
// tokens, and never while a session's is held.
class CallDriver {
 public:
  CallDriver() = default;
  ~CallDriver() { clear(); }
  CallDriver(const CallDriver&) = delete;
  CallDriver& operator=(const CallDriver&) = delete;

  // Makes the first step, which sends the request; not of one that was cancelled before.
  void start(const std::shared_ptr<PendingCall>& call) SIGNET_EXCLUDES(mutex_, woken_mutex_);

  // Destroys its task; one that is done stays as it is. False: it was done.
  bool cancel(PendingCall& call) SIGNET_EXCLUDES(mutex_, woken_mutex_);

  // Goes on with whatever can, without blocking. Costs next to nothing where nothing is pending, or where it was done a moment
  // ago.
  void drive() noexcept SIGNET_EXCLUDES(mutex_, woken_mutex_);

  // Ends all tasks.
  void clear() SIGNET_EXCLUDES(mutex_, woken_mutex_);

  // Calls that are not done.
  std::size_t under_way() const { return under_way_; }

  // The result of a task that belongs to the calling thread. While it waits, it drives the others: it may wait for what one of
  // them does.
  template <typename T>
  T finish(Task<T> task) SIGNET_EXCLUDES(mutex_, woken_mutex_) {
    while (!task.step()) {
      drive();
      const Wait wait{.until = std::min(task.wait().until, next_look()),
                      .descriptors = task.wait().descriptors};
      wait_for_any({&wait, 1});
    }
    return task.finish();
  }

 private:
  friend class PendingCall;

  SteadyTime next_look() const;
  void note_woken(PendingCall& call) noexcept SIGNET_EXCLUDES(woken_mutex_);
  PendingCall* next_woken() noexcept SIGNET_EXCLUDES(woken_mutex_);  // null: none
  void forget_woken(PendingCall& call) noexcept SIGNET_EXCLUDES(woken_mutex_);
  void step_woken() SIGNET_REQUIRES(mutex_) SIGNET_EXCLUDES(woken_mutex_);
  void look(SteadyTime now) SIGNET_REQUIRES(mutex_) SIGNET_EXCLUDES(woken_mutex_);
  void step(PendingCall& call) SIGNET_REQUIRES(mutex_) SIGNET_EXCLUDES(woken_mutex_);
  void wait_on(PendingCall& call) SIGNET_REQUIRES(mutex_) SIGNET_EXCLUDES(woken_mutex_);
  void wait_no_more(PendingCall& call) noexcept SIGNET_REQUIRES(mutex_)
      SIGNET_EXCLUDES(woken_mutex_);
  void finish_call(PendingCall& call, CkResult<CallOutcome> outcome) SIGNET_REQUIRES(mutex_)
      SIGNET_EXCLUDES(woken_mutex_);

  std::atomic<std::size_t> under_way_{0};

  Mutex woken_mutex_;  // taken inside of whatever wakes a call
  PendingCall* first_woken_ SIGNET_GUARDED_BY(woken_mutex_) =
      nullptr;  // linked, so that it needs no memory
  PendingCall* last_woken_ SIGNET_GUARDED_BY(woken_mutex_) = nullptr;

  Mutex mutex_ SIGNET_ACQUIRED_BEFORE(woken_mutex_);  // held while tasks are stepped
  std::unordered_map<PendingCall*, std::shared_ptr<PendingCall>> calls_ SIGNET_GUARDED_BY(mutex_);
  std::set<std::pair<SteadyTime, PendingCall*>> moments_ SIGNET_GUARDED_BY(mutex_);
  std::vector<PendingCall*> polled_ SIGNET_GUARDED_BY(mutex_);
  std::vector<pollfd> descriptors_ SIGNET_GUARDED_BY(mutex_);  // of those, for poll(2)
  SteadyTime looked_at_ SIGNET_GUARDED_BY(mutex_){};
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_CALL_DRIVER_H_
