// Authorisations (SADs) that are good for more signatures than were made: kept until they are used up or over. Those of SCAL 1
// are not bound to hashes and serve as they are; those of SCAL 2 have to be extended to further hashes.
#ifndef SIGNET_DSA_TRANSPORT_CSC_AUTHORISATIONS_H_
#define SIGNET_DSA_TRANSPORT_CSC_AUTHORISATIONS_H_

#include <chrono>
#include <list>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "common/clock.h"
#include "common/mutex.h"
#include "common/secret.h"

namespace signet::transport::csc {

// Shared, since a copy of a secret costs pages of its own.
using Sad = std::shared_ptr<const Secret>;

// What a signature was authorised by.
struct Grant {
  Grant() = default;
  explicit Grant(Sad its_sad) : sad(std::move(its_sad)) {}

  Sad sad;               // none: the access token is enough
  std::size_t left = 0;  // signatures that it is good for after these, once it is extended
  std::chrono::seconds lifetime{0};  // where there are any
};

// Thread-safe.
class Authorisations {
 public:
  // One that is good for so many signatures of this credential, and was given for this PIN. They count as used. None where there
  // is none.
  Sad take(const std::string& credential, const Secret& pin, std::size_t signatures);

  // The same, which no other call gets: it is for extending.
  std::optional<Grant> take_out(const std::string& credential, const Secret& pin,
                                std::size_t signatures);

  // `left`: how many signatures it is still good for.
  void keep(std::string credential, Secret pin, Sad sad, std::size_t left,
            std::chrono::seconds lifetime);

  // Whether more signatures may be authorised than there are hashes; until the service refuses that.
  bool may_exceed(const std::string& credential) const;
  void note_exact(const std::string& credential);

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

  using Place = std::list<Kept>::iterator;
  Place find(const std::string& credential, const Secret& pin, std::size_t signatures)
      SIGNET_REQUIRES(mutex_);

  mutable Mutex mutex_;
  std::list<Kept> kept_ SIGNET_GUARDED_BY(mutex_);
  std::set<std::string> exact_ SIGNET_GUARDED_BY(mutex_);  // credentials
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_AUTHORISATIONS_H_
