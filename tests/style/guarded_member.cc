// Compiled by check.sh, once as it is and once WITHOUT_LOCK: then the analysis must refuse it.
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

 private:
  Mutex mutex_;
  int value_ SIGNET_GUARDED_BY(mutex_) = 0;
};

int read(Counter& counter) {
  return counter.read();
}

}  // namespace signet
