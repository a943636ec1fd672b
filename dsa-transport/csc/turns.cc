#include "dsa-transport/csc/turns.h"

#include <optional>

namespace signet::transport::csc {

class Turns::Waiter {
 public:
  explicit Waiter(Turns& turns) : turns_(turns) {}
  ~Waiter() {
    const MutexLock lock(turns_.mutex_);
    std::erase(turns_.waiting_, this);
  }
  Waiter(const Waiter&) = delete;
  Waiter& operator=(const Waiter&) = delete;

  Wakeup wakeup;

 private:
  Turns& turns_;
};

void Turns::Turn::end() noexcept {
  if (turns_ == nullptr) return;
  const MutexLock lock(turns_->mutex_);
  turns_->taken_ = false;
  for (Waiter* waiter : turns_->waiting_) waiter->wakeup.wake();
  turns_ = nullptr;
}

Task<Turns::Turn> Turns::next(Deadline deadline) {
  for (;;) {
    std::optional<Waiter> waiter;
    {
      const MutexLock lock(mutex_);
      if (!taken_) {
        taken_ = true;
      } else {
        waiting_.push_back(&waiter.emplace(*this));
      }
    }
    if (!waiter) co_return Turn(*this);
    if (deadline.passed()) co_return Turn();
    co_await waiter->wakeup.until(deadline.moment());
  }
}

}  // namespace signet::transport::csc
