// The first time-stamp that a sealer gets. Nobody knows its size before: one seal waits for it, and the others for that seal,
// so that no more than one has to be signed again where it is larger than was planned. For this component alone.
#ifndef SIGNET_SEALING_FIRST_STAMP_H_
#define SIGNET_SEALING_FIRST_STAMP_H_

#include <mutex>

namespace signet::sealing {

// Thread-safe.
class FirstStamp {
 public:
  // To be held until the time-stamp is there or was refused. Who comes meanwhile waits; from then on nobody holds anything.
  std::unique_lock<std::mutex> turn() {
    std::unique_lock<std::mutex> held(mutex_);
    if (taken_) held.unlock();
    taken_ = true;
    return held;
  }

 private:
  std::mutex mutex_;
  bool taken_ = false;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_FIRST_STAMP_H_
