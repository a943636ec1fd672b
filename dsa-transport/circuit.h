// Whether a member is worth a request now. Closed: yes. Open: not before its rest is over. Half
// open: one request tries it. The time is given by the caller, so that nothing here waits.
#ifndef SIGNET_DSA_TRANSPORT_CIRCUIT_H_
#define SIGNET_DSA_TRANSPORT_CIRCUIT_H_

#include <string>

#include "common/clock.h"
#include "common/mutex.h"
#include "dsa-transport/appliance_error.h"

namespace signet::transport {

class Circuit {
 public:
  enum class State { closed, resting, rested, half_open };

  State state(SteadyTime now) const;

  // Leave to send one request although it is not closed; false where another has it already.
  bool try_half_open(SteadyTime now);

  // An answer came.
  void succeeded(SteadyTime now);

  // No connection, no trust, or no answer in time: opens at once, each time for longer. A failure
  // of an attempt that began before the last success says nothing about now and is ignored. True
  // where it has opened now.
  bool failed(Failure failure, std::string sentence, SteadyTime began, SteadyTime now);

  // An answer came but a bad one (5xx, cut off): opens after three in a row.
  bool faulted(std::string sentence, SteadyTime began, SteadyTime now);

  struct Trouble {
    Failure failure = Failure::unreachable;
    std::string sentence;
  };

  // Why it is not closed.
  Trouble trouble() const;

 private:
  bool open(Failure failure, std::string sentence, SteadyTime now) SIGNET_REQUIRES(mutex_);

  mutable Mutex mutex_;
  bool closed_ SIGNET_GUARDED_BY(mutex_) = true;
  bool probing_ SIGNET_GUARDED_BY(mutex_) = false;
  // A probe that never came back is forgotten then.
  SteadyTime probe_ends_ SIGNET_GUARDED_BY(mutex_){};
  SteadyTime rest_ends_ SIGNET_GUARDED_BY(mutex_){};
  SteadyTime last_success_ SIGNET_GUARDED_BY(mutex_){};
  unsigned openings_ SIGNET_GUARDED_BY(mutex_) = 0;  // in a row
  unsigned faults_ SIGNET_GUARDED_BY(mutex_) = 0;    // in a row
  Trouble trouble_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_CIRCUIT_H_
