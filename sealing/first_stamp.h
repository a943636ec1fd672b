// The first time-stamp that a sealer gets. Nobody knows its size before: one seal waits for it, and the others for that seal,
// so that no more than one has to be signed again where it is larger than was planned. For this component alone.
#ifndef SIGNET_SEALING_FIRST_STAMP_H_
#define SIGNET_SEALING_FIRST_STAMP_H_

#include <utility>

#include "common/mutex.h"

namespace signet::sealing {

// Thread-safe.
class FirstStamp {
 public:
  // Who has it is the one that the others wait for, until it ends.
  class Turn {
   public:
    explicit Turn(FirstStamp* owner) : owner_(owner) {}
    Turn(Turn&& other) noexcept : owner_(std::exchange(other.owner_, nullptr)) {}
    Turn& operator=(Turn&& other) noexcept {
      std::swap(owner_, other.owner_);
      return *this;
    }
    ~Turn() { end(); }

    void end() {
      if (owner_ != nullptr) std::exchange(owner_, nullptr)->pass();
    }

   private:
    FirstStamp* owner_;  // null: nobody waits for this one
  };

  // To be held until the time-stamp is there or was refused. Who comes meanwhile waits; from then on nobody waits.
  Turn turn() SIGNET_EXCLUDES(mutex_) {
    MutexLock lock(mutex_);
    while (state_ == State::taken) passed_.wait(mutex_);
    if (state_ == State::over) return Turn(nullptr);
    state_ = State::taken;
    return Turn(this);
  }

 private:
  enum class State { nobody, taken, over };

  void pass() SIGNET_EXCLUDES(mutex_) {
    const MutexLock lock(mutex_);
    state_ = State::over;
    passed_.notify_all();
  }

  Mutex mutex_;
  Condition passed_;
  State state_ SIGNET_GUARDED_BY(mutex_) = State::nobody;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_FIRST_STAMP_H_
