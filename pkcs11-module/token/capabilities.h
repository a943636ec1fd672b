// What the appliance of a token is and offers, as far as it is known.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_CAPABILITIES_H_
#define SIGNET_PKCS11_MODULE_TOKEN_CAPABILITIES_H_

#include <chrono>
#include <memory>
#include <optional>
#include <string>

#include "common/clock.h"
#include "common/mutex.h"
#include "dsa-transport/appliance.h"
#include "pkcs11-module/mechanism/offer.h"

namespace signet::token {

using OfferPtr = std::shared_ptr<const mechanism::Offer>;

// Thread-safe. No lock is held over the request, and none of another class is taken while this one's is held.
class Capabilities {
 public:
  // `label`: the token's, for the log.
  Capabilities(transport::Appliance& appliance, std::string label, bool sha1_signatures);

  // Never a request.
  std::optional<transport::ApplianceInfo> info() const;
  transport::ApplianceInfo assumed() const;  // what is known, or else the dialect's minimum
  OfferPtr offer() const;                    // likewise

  // Asks the appliance where it is not known as wanted: `fresh` means said within the hour. One thread asks, the others
  // wait for its answer; not asked again for a while after a failure. Returns by the deadline. True where an answer was
  // taken over; not where the token has other members by now.
  enum class Wanted { anything, fresh };
  bool learn(Wanted wanted, Deadline deadline) SIGNET_EXCLUDES(mutex_);

  // The same for who must not block: while another thread asks, it looks again every few milliseconds.
  Task<bool> start_learn(Wanted wanted, Deadline deadline) SIGNET_EXCLUDES(mutex_);

  // What an appliance said, and when by the wall clock (1970: not known).
  struct Statement {
    std::optional<transport::ApplianceInfo> info;
    std::chrono::system_clock::time_point read_at;
  };
  Statement statement() const;
  void recall(Statement statement);  // an earlier process's, where nothing is known

  // What is known is asked for again; a failure no longer puts it off.
  void reconfigure(bool other_members);

 private:
  bool knows(Wanted wanted) const SIGNET_REQUIRES(mutex_);
  bool may_ask(Wanted wanted, Deadline deadline, unsigned& members) SIGNET_EXCLUDES(mutex_);
  bool begin_asking(Wanted wanted, unsigned& members) SIGNET_REQUIRES(mutex_);
  bool is_another_asking(Wanted wanted) const SIGNET_EXCLUDES(mutex_);

  // Of the one who asks; its end lets the others ask.
  class Asking {
   public:
    explicit Asking(Capabilities& capabilities) : capabilities_(capabilities) {}
    ~Asking();
    Asking(const Asking&) = delete;
    Asking& operator=(const Asking&) = delete;

   private:
    Capabilities& capabilities_;
  };
  bool take(transport::Answer<transport::ApplianceInfo> answer, unsigned members)
      SIGNET_EXCLUDES(mutex_);
  void set_info(transport::ApplianceInfo info) SIGNET_REQUIRES(mutex_);

  transport::Appliance& appliance_;
  const std::string label_;
  const bool sha1_signatures_;

  mutable Mutex mutex_;
  std::optional<transport::ApplianceInfo> info_ SIGNET_GUARDED_BY(mutex_);
  OfferPtr offer_ SIGNET_GUARDED_BY(mutex_);  // that follows from info_
  std::optional<SteadyTime> read_at_ SIGNET_GUARDED_BY(mutex_);
  std::optional<SteadyTime> failed_at_ SIGNET_GUARDED_BY(mutex_);
  unsigned members_ SIGNET_GUARDED_BY(mutex_) = 0;  // counts how often they changed
  bool asking_ SIGNET_GUARDED_BY(mutex_) = false;
  Condition answered_;
};

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_CAPABILITIES_H_
