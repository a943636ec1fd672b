// Authorisations (SADs) of SCAL 1 credentials, which are not bound to hashes: kept until they are used up or over.
#ifndef SIGNET_DSA_TRANSPORT_CSC_AUTHORISATIONS_H_
#define SIGNET_DSA_TRANSPORT_CSC_AUTHORISATIONS_H_

#include <chrono>
#include <list>
#include <memory>
#include <string>

#include "common/clock.h"
#include "common/mutex.h"
#include "common/secret.h"

namespace signet::transport::csc {

// Shared, since a copy of a secret costs pages of its own.
using Sad = std::shared_ptr<const Secret>;

// Thread-safe.
class Authorisations {
 public:
  // One that is good for so many signatures of this credential, and was given for this PIN. They count as used.
  // Empty where there is none.
  Sad take(const std::string& credential, const Secret& pin, std::size_t signatures);

  // `left`: how many signatures it is still good for.
  void keep(std::string credential, Secret pin, Sad sad, std::size_t left,
            std::chrono::seconds lifetime);

  // The service does not accept it any more.
  void drop(const Sad& sad);
  void clear();

 private:
  struct Kept {
    std::string credential;
    Secret pin;
    Sad sad;
    std::size_t left;
    SteadyTime ends;
  };

  Mutex mutex_;
  std::list<Kept> kept_ SIGNET_GUARDED_BY(mutex_);
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_AUTHORISATIONS_H_
