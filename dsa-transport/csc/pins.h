// What is known of the PINs that were sent for credentials. A wrong one counts towards the lock each time that it arrives:
// none is sent twice, and one of which nothing is known is sent by one call at a time.
#ifndef SIGNET_DSA_TRANSPORT_CSC_PINS_H_
#define SIGNET_DSA_TRANSPORT_CSC_PINS_H_

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/mutex.h"
#include "common/secret.h"
#include "dsa-transport/csc/turns.h"

namespace signet::transport::csc {

// Of one credential. Thread-safe.
class PinRecord {
 public:
  enum class Standing { unknown, right, wrong };

  Standing standing(const Secret& pin) const;
  void note(const Secret& pin, Standing standing);  // right or wrong

  Turns turns;  // at a PIN of which nothing is known

 private:
  mutable Mutex mutex_;
  std::optional<Secret> right_ SIGNET_GUARDED_BY(mutex_);
  std::vector<Secret> wrong_ SIGNET_GUARDED_BY(mutex_);  // the latest ones
};

// Of all credentials. Thread-safe.
class Pins {
 public:
  std::shared_ptr<PinRecord> of(const std::string& credential);

  // Calls under way keep the records that they have.
  void clear();

 private:
  Mutex mutex_;
  std::map<std::string, std::shared_ptr<PinRecord>> records_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_PINS_H_
