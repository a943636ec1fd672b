// Things that one thread uses at a time and that are dear to make: what one no longer needs is kept for the next.
#ifndef SIGNET_COMMON_CHECKOUT_POOL_H_
#define SIGNET_COMMON_CHECKOUT_POOL_H_

#include <memory>
#include <utility>
#include <vector>

#include "common/mutex.h"

namespace signet {

// Thread-safe. Outlives its loans.
template <typename Thing>
class CheckoutPool {
 public:
  struct GiveBack {
    CheckoutPool* pool = nullptr;
    void operator()(Thing* thing) const { pool->keep(std::unique_ptr<Thing>(thing)); }
  };
  using Loan = std::unique_ptr<Thing, GiveBack>;  // comes back when it goes

  // One that nobody uses now; nullptr where there is none, then lend() a new one.
  Loan take() {
    const MutexLock lock(mutex_);
    if (free_.empty()) return Loan();
    Loan loan = lend(std::move(free_.back()));
    free_.pop_back();
    return loan;
  }

  Loan lend(std::unique_ptr<Thing> made) { return Loan(made.release(), GiveBack{this}); }

 private:
  void keep(std::unique_ptr<Thing> thing) {
    const MutexLock lock(mutex_);
    free_.push_back(std::move(thing));
  }

  Mutex mutex_;
  std::vector<std::unique_ptr<Thing>> free_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet

#endif  // SIGNET_COMMON_CHECKOUT_POOL_H_
