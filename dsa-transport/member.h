// One appliance of a pair: its connections, and whether it is worth asking.
#ifndef SIGNET_DSA_TRANSPORT_MEMBER_H_
#define SIGNET_DSA_TRANSPORT_MEMBER_H_

#include <atomic>
#include <memory>
#include <mutex>
#include <string>

#include "dsa-transport/circuit.h"
#include "dsa-transport/endpoint.h"
#include "dsa-transport/pool.h"
#include "dsa-transport/tcp_probe.h"

namespace signet::transport {

class Member {
 public:
  Member(EndpointOptions options, Counters& counters, SocketTable& sockets);

  const EndpointOptions& options() const { return endpoint_->options(); }
  const std::string& url() const { return options().member.url; }

  Counters& counters() const { return endpoint_->counters(); }

  // Whether a request may go there now. A member in trouble is asked again only after TCP connects,
  // which this starts and looks at without waiting, so that a dead member costs callers nothing.
  bool admits();

  // The same where no other member can serve: no rest is kept, and TCP gets that moment to connect,
  // counted from prepare_at_need(), which does not wait.
  void prepare_at_need();
  bool admits_at_need(Deadline moment);

  // Time to connect, handshake included: little for a member known to be in trouble, so that trying it costs the caller
  // little where another may serve; all that is allowed where none can.
  Milliseconds connect_limit() const;
  Milliseconds connect_limit_at_need() const { return options().limits.connect; }

  // One attempt, `connect` of it for connecting. A kept-open connection that turns out to be dead is replaced once, at
  // once.
  Result<HttpAnswer, TransferFault> exchange(const HttpRequest& request, Deadline attempt,
                                             Milliseconds connect);

  // What the attempt that began then has shown about the member.
  void was_well();
  void was_in_trouble(Failure failure, const std::string& sentence, SteadyTime began);
  void was_faulty(const std::string& sentence, SteadyTime began);
  void is_busy_for(Milliseconds span);

  // Others first: somebody is waiting for a connection to it already, or it said it is busy.
  bool is_doubtful() const;

  Circuit::Trouble trouble() const { return circuit_.trouble(); }

 private:
  enum class Reachable { yes, no, not_yet, unknown };

  Reachable look();
  Result<HttpAnswer, TransferFault> exchange_on(Pool::Lease& lease, const HttpRequest& request,
                                                Deadline attempt, Milliseconds connect);
  void opened(bool now_open);

  const std::shared_ptr<Endpoint> endpoint_;
  Pool pool_;
  Circuit circuit_;
  std::atomic<SteadyTime::rep> connecting_since_{0};  // 0: nobody is
  std::atomic<SteadyTime::rep> busy_until_{0};

  std::mutex probe_mutex_;  // held only for moments
  TcpProbe probe_;
  std::string address_;  // last connected to; empty: not known
  unsigned failed_looks_ = 0;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_MEMBER_H_
