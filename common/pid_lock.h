// A lock for a few instructions that a fork cannot leave locked: it holds the owner's process mark,
// and a process that finds another's mark there takes it over. (The child of a fork has a copy of the
// lock, but not the thread that held it.)
#ifndef SIGNET_COMMON_PID_LOCK_H_
#define SIGNET_COMMON_PID_LOCK_H_

#include <sched.h>

#include <atomic>
#include <cstdint>

#include "common/mutex.h"
#include "common/process_mark.h"

namespace signet {

class SIGNET_CAPABILITY("mutex") PidLock {
 public:
  constexpr PidLock() = default;

  void lock() SIGNET_ACQUIRE() {
    while (!try_lock()) sched_yield();
  }

  // False where another thread of this process has it.
  bool try_lock() SIGNET_TRY_ACQUIRE(true) {
    const std::uint64_t self = process_mark();
    std::uint64_t holder = 0;
    while (holder != self) {
      if (holder_.compare_exchange_weak(holder, self, std::memory_order_acquire)) return true;
    }
    return false;
  }

  bool is_held() const { return holder_ != 0; }  // now, by any thread

  void unlock() SIGNET_RELEASE() { holder_.store(0, std::memory_order_release); }

 private:
  std::atomic<std::uint64_t> holder_{0};  // 0: free
};

}  // namespace signet

#endif  // SIGNET_COMMON_PID_LOCK_H_
