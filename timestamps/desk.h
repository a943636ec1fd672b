// One authority as its client uses it: requests, connections, what is known of its state, figures.
#ifndef SIGNET_TIMESTAMPS_DESK_H_
#define SIGNET_TIMESTAMPS_DESK_H_

#include <memory>
#include <optional>
#include <string>

#include "common/clock.h"
#include "common/mutex.h"
#include "common/task.h"
#include "crypto/context.h"
#include "https/client/endpoint.h"
#include "https/client/message.h"
#include "https/client/pool.h"
#include "timestamps/authority.h"
#include "timestamps/client.h"
#include "timestamps/request.h"

namespace signet::timestamps {

// Thread-safe.
class Desk {
 public:
  // The sockets outlive it.
  Desk(Authority authority, std::shared_ptr<crypto::Context> context, const ClientOptions& options,
       https::SocketTable& sockets);

  // One time-stamp from this authority, within its own limit too. Never an aggregate: g++ 12 destroys those that a
  // coroutine returns twice.
  using Outcome = Result<Stamp, Miss>;
  Task<Outcome> stamp(crypto::Hash hash, const Bytes& imprint, Deadline deadline,
                      const KeyService& service);

  // Why it was not asked at all.
  Miss out_of_time() const;

  // It failed lately: others first.
  bool is_resting() const;

  // What became of its last request, where that was no time-stamp.
  std::optional<Miss> last_miss() const;

  const std::string& name() const { return name_; }
  AuthorityStatistics statistics() const;

 private:
  using Exchanged = Result<https::Response, https::Fault>;

  Outcome refused(Miss::Kind kind, std::string sentence) const;
  https::Request http_request(const StampRequest& request) const;
  Task<Exchanged> exchange(https::Request& request, Deadline attempt);
  Task<Outcome> ask(const StampRequest& request, Deadline attempt);
  Outcome judge(const Exchanged& exchanged, const StampRequest& request) const;
  Outcome judge_fault(const https::Fault& fault) const;
  Outcome judge_status(int status) const;
  Outcome judge_answer(const https::Response& response, const StampRequest& request) const;
  Outcome judge_token(Result<TimeStampToken, TokenError> token, const StampRequest& request) const;
  Outcome ask_service(const KeyService& service, const StampRequest& request, Deadline attempt);
  Outcome busy(const https::Response& response) const;

  void count(const https::Connection& connection, bool repeated);
  void note(const Outcome& outcome, SteadyTime began);
  void rest_after(const Miss& miss, SteadyTime began) SIGNET_REQUIRES(mutex_);
  // Asked to be left alone by the authority; how long still.
  void leave_alone(Milliseconds span);
  Milliseconds left_alone_for() const;

  const Authority authority_;
  const std::string name_;
  const std::shared_ptr<crypto::Context> context_;
  const std::shared_ptr<https::Endpoint> endpoint_;  // null: the service that holds the key
  const std::string complaint_;  // why it cannot be asked as it is configured; empty: it can
  const Milliseconds longest_rest_;
  std::optional<https::Pool> pool_;  // where there is an endpoint

  mutable Mutex mutex_;  // held only for moments
  AuthorityStatistics figures_ SIGNET_GUARDED_BY(mutex_);
  SteadyTime busy_until_ SIGNET_GUARDED_BY(mutex_) = SteadyTime::min();
  SteadyTime rests_until_ SIGNET_GUARDED_BY(mutex_) = SteadyTime::min();
  Milliseconds rest_ SIGNET_GUARDED_BY(mutex_){0};  // the last one's length
  SteadyTime missed_at_ SIGNET_GUARDED_BY(mutex_) = SteadyTime::min();
  std::optional<Miss> miss_ SIGNET_GUARDED_BY(mutex_);  // the last outcome; nothing: it is well
};

}  // namespace signet::timestamps

#endif  // SIGNET_TIMESTAMPS_DESK_H_
