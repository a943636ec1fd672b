// Compiled by check.sh: as it is, and with each of the mistakes, which clang's thread safety analysis must refuse.
#include "common/mutex.h"

namespace signet {

class Counter {
 public:
  int read() {
#ifndef WITHOUT_LOCK
    const MutexLock lock(mutex_);
#endif
    return value_;
  }

  void write(int value) {
#ifdef WRONG_ORDER
    const MutexLock inner(mutex_);
    const MutexLock outer(first_);
#else
    const MutexLock outer(first_);
    const MutexLock inner(mutex_);
#endif
    value_ = value;
  }

 private:
  Mutex mutex_;
  Mutex first_ SIGNET_ACQUIRED_BEFORE(mutex_);
  int value_ SIGNET_GUARDED_BY(mutex_) = 0;
};

int count(Counter& counter) {
  counter.write(counter.read() + 1);
  return counter.read();
}

}  // namespace signet
