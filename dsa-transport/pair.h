// The members of a cluster as one: which of them gets a request, and what happens when it fails.
//
// Reads and signatures go to the first healthy member in the configured order, writes to the
// primary. Every attempt of a call carries the same idempotency key. An answer that refuses a
// credential is final.
#ifndef SIGNET_DSA_TRANSPORT_PAIR_H_
#define SIGNET_DSA_TRANSPORT_PAIR_H_

#include <atomic>
#include <boost/container/small_vector.hpp>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "dsa-transport/appliance.h"
#include "dsa-transport/counters.h"
#include "dsa-transport/member.h"

namespace signet::transport {

enum class Access {
  read,  // a signature is one, too: any member may give it
  write,
  login,  // a read whose answer says that a password is right
};

struct Call {
  std::string_view name;  // for the log: "sign"
  Access access = Access::read;
  Milliseconds attempt;  // what one member gets before the other is asked
  Deadline deadline;     // of the whole call
  // What it may have done that must not be done twice, for requests under no idempotency key: "signed". Then it is not
  // repeated once it may have arrived; an attempt that certainly reached nobody, or was answered by "busy", is followed
  // by others all the same. Empty: it may be repeated.
  std::string_view only_once = {};
};

// What a dialect makes of a response.
struct Verdict {
  enum class Kind {
    good,
    refused,    // the appliance has decided: final
    busy,       // another member, or the same one later, may serve
    faulty,     // the member itself is in trouble
    alternate,  // this member takes no changes
    bad,        // breaks the contract: nothing of it was used
  };
  Kind kind = Kind::good;
  ApplianceError error = {};  // unless good; without the member's name
  // Of a faulty member: the request certainly had no effect, because nobody looked at it. Then another member may be asked
  // even for what is done only once.
  bool untouched = false;
};

// Judges the responses to one call, and keeps what a good one says.
class Judge {
 public:
  virtual ~Judge() = default;
  virtual Verdict judge(const https::Response& response, const std::string& member_url) = 0;
};

struct CallFailure {
  ApplianceError error;
  bool may_be_repeated = false;  // an earlier attempt may have had its effect already
};

using CallResult = Result<Trace, CallFailure>;

class Pair {
 public:
  // Reaches for no network. Counters and sockets outlive it. In the place of `former` (null: none), whose calls may
  // still be under way: members that are the same in both go on with their connections and all that is known of them.
  Pair(const Settings& settings, CounterBook& counters, https::SocketTable& sockets,
       const Pair* former = nullptr);

 private:
  friend class PairCall;

  // Positions of the members, the one to ask first in front.
  using Order = boost::container::small_vector<std::size_t, 4>;
  Order order(Access access) const;

  std::shared_ptr<Member> find(const MemberOptions& options) const;

  std::vector<std::shared_ptr<Member>> members_;
  CounterBook& counters_;
  const bool may_repeat_;
  std::atomic<std::size_t> primary_{0};  // the member that last took a write
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_PAIR_H_
