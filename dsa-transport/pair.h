// The members of a cluster as one: which of them gets a request, and what happens when it fails.
//
// Reads and signatures go to the first healthy member in the configured order, writes to the
// primary. Every attempt of a call carries the same idempotency key. An answer that refuses a
// credential is final.
#ifndef SIGNET_DSA_TRANSPORT_PAIR_H_
#define SIGNET_DSA_TRANSPORT_PAIR_H_

#include <atomic>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dsa-transport/counters.h"
#include "dsa-transport/http.h"
#include "dsa-transport/member.h"

namespace signet::transport {

enum class Access { read, write };  // a signature is a read: any member may give it

struct Call {
  std::string_view name;  // for the log: "sign"
  Access access = Access::read;
  Milliseconds attempt;  // what one member gets before the other is asked
  Deadline deadline;     // of the whole call
};

struct Reply {
  HttpAnswer answer;
  bool may_be_repeated = false;  // an earlier attempt may have had its effect already
};

struct CallFailure {
  ApplianceError error;
  bool may_be_repeated = false;
};

using CallResult = Result<Reply, CallFailure>;

// Reads a 2xx or 304 answer; a sentence where it breaks the contract, nothing where it is good.
using AnswerReader = std::function<std::optional<std::string>(const HttpAnswer&)>;

class Pair {
 public:
  // The primary first. Reaches for no network. Counters and sockets outlive it.
  // Where it may not repeat, a call ends with its first attempt at each member.
  Pair(const std::vector<EndpointOptions>& members, CounterBook& counters, SocketTable& sockets,
       bool may_repeat);

  // In the place of `former`, whose calls may still be under way: members that are the same in
  // both go on with their connections and all that is known of them.
  Pair(const std::vector<EndpointOptions>& members, CounterBook& counters, SocketTable& sockets,
       const Pair& former);

  CallResult call(const Call& call, const HttpRequest& request, const AnswerReader& reader);

 private:
  friend class PairCall;

  // Positions of the members, the one to ask first in front.
  std::vector<std::size_t> order(Access access) const;

  std::shared_ptr<Member> find(const EndpointOptions& options) const;

  std::vector<std::shared_ptr<Member>> members_;
  CounterBook& counters_;
  const bool may_repeat_;
  std::atomic<std::size_t> primary_{0};  // the member that last took a write
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_PAIR_H_
