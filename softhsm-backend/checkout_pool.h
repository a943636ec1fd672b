// Things that one thread uses at a time and that are dear to make: made when none is free, kept for
// the next.
#ifndef SIGNET_SOFTHSM_BACKEND_CHECKOUT_POOL_H_
#define SIGNET_SOFTHSM_BACKEND_CHECKOUT_POOL_H_

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "common/mutex.h"

namespace signet::emulator {

// Thread-safe. There are never more things than threads that use them at once. The pool outlives
// its loans.
template <typename Thing>
class CheckoutPool {
 public:
  class Loan {
   public:
    Loan(CheckoutPool& pool, std::unique_ptr<Thing> thing)
        : pool_(pool), thing_(std::move(thing)) {}
    Loan(const Loan&) = delete;
    Loan& operator=(const Loan&) = delete;
    ~Loan() { pool_.give_back(std::move(thing_)); }

    Thing& operator*() const { return *thing_; }
    Thing* operator->() const { return thing_.get(); }

   private:
    CheckoutPool& pool_;
    std::unique_ptr<Thing> thing_;
  };

  explicit CheckoutPool(std::function<std::unique_ptr<Thing>()> make) : make_(std::move(make)) {}

  Loan take() {
    {
      const MutexLock lock(mutex_);
      if (!free_.empty()) {
        std::unique_ptr<Thing> thing = std::move(free_.back());
        free_.pop_back();
        return Loan(*this, std::move(thing));
      }
    }
    return Loan(*this, make_());
  }

  void clear() {
    const MutexLock lock(mutex_);
    free_.clear();
  }

 private:
  void give_back(std::unique_ptr<Thing> thing) {
    const MutexLock lock(mutex_);
    free_.push_back(std::move(thing));
  }

  std::function<std::unique_ptr<Thing>()> make_;
  Mutex mutex_;
  std::vector<std::unique_ptr<Thing>> free_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_CHECKOUT_POOL_H_
