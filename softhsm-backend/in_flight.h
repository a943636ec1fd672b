// Requests of the same idempotency key that arrive while the first is still at work wait for it.
#ifndef SIGNET_SOFTHSM_BACKEND_IN_FLIGHT_H_
#define SIGNET_SOFTHSM_BACKEND_IN_FLIGHT_H_

#include <condition_variable>
#include <mutex>
#include <set>
#include <string>

namespace signet::emulator {

// Thread-safe.
class InFlight {
 public:
  // Waits until no other turn of this name is held, then holds it.
  class Turn {
   public:
    Turn(InFlight& all, std::string name);
    Turn(const Turn&) = delete;
    Turn& operator=(const Turn&) = delete;
    ~Turn();

   private:
    InFlight& all_;
    std::string name_;
  };

 private:
  std::mutex mutex_;
  std::condition_variable freed_;
  std::set<std::string> held_;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_IN_FLIGHT_H_
