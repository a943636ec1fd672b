// Turns at something that only one call at a time may do, such as sending a secret that may be wrong.
#ifndef SIGNET_DSA_TRANSPORT_CSC_TURNS_H_
#define SIGNET_DSA_TRANSPORT_CSC_TURNS_H_

#include <utility>
#include <vector>

#include "common/clock.h"
#include "common/mutex.h"
#include "common/task.h"
#include "common/wakeup.h"

namespace signet::transport::csc {

// Thread-safe. Outlives its turns and the calls that wait for one.
class Turns {
 public:
  // Its end, also by a cancelled task, lets another call have one.
  class Turn {
   public:
    Turn() = default;  // none
    explicit Turn(Turns& turns) : turns_(&turns) {}
    ~Turn() { end(); }
    Turn(Turn&& other) noexcept : turns_(std::exchange(other.turns_, nullptr)) {}
    Turn& operator=(Turn&& other) noexcept {
      if (this != &other) {
        end();
        turns_ = std::exchange(other.turns_, nullptr);
      }
      return *this;
    }

    explicit operator bool() const { return turns_ != nullptr; }
    void end() noexcept;

   private:
    Turns* turns_ = nullptr;
  };

  Turns() = default;
  Turns(const Turns&) = delete;
  Turns& operator=(const Turns&) = delete;

  // Waits for a turn; none where the deadline passes first. Whether there is still anything to do is to be seen then.
  Task<Turn> next(Deadline deadline);

 private:
  class Waiter;

  Mutex mutex_;  // held only for moments
  bool taken_ SIGNET_GUARDED_BY(mutex_) = false;
  std::vector<Waiter*> waiting_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_TURNS_H_
