// One appliance of a pair: its connections, and whether it is worth asking.
#ifndef SIGNET_DSA_TRANSPORT_MEMBER_H_
#define SIGNET_DSA_TRANSPORT_MEMBER_H_

#include <atomic>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "common/file_stamp.h"
#include "common/mutex.h"
#include "common/task.h"
#include "dsa-transport/circuit.h"
#include "dsa-transport/counters.h"
#include "dsa-transport/settings.h"
#include "https/client/endpoint.h"
#include "https/client/pool.h"
#include "https/client/tcp_probe.h"

namespace signet::transport {

// What makes a member and its connections; another one, where anything of it differs.
struct MemberOptions {
  MemberOptions(const Settings& settings, const config::MemberConfig& its_member);

  config::MemberConfig member;
  std::optional<config::ClientCertificate> client_certificate;
  config::Limits limits;
  std::string user_agent;
  bool may_create_threads;

  // The files named above, as they were when these options were made: a renewed one makes others.
  std::vector<FileStamp> files;

  bool operator==(const MemberOptions&) const = default;
};

class Member {
 public:
  // The counters are the member's, the sockets the whole appliance's; both outlive it.
  Member(MemberOptions options, Counters& counters, https::SocketTable& sockets);

  const MemberOptions& options() const { return options_; }
  const std::string& url() const { return options_.member.url; }

  Counters& counters() const { return counters_; }

  // Whether a request may go there now. A member in trouble is asked again only after TCP connects,
  // which this starts and looks at without waiting, so that a dead member costs callers nothing.
  bool admits();

  // The same where no other member can serve: no rest is kept. TCP gets a moment to connect, counted from
  // prepare_at_need().
  enum class AtNeed { admitted, refused, not_yet };
  void prepare_at_need();
  AtNeed admits_at_need();

  // Time to connect, handshake included: little for a member known to be in trouble, so that trying it costs the caller
  // little where another may serve; all that is allowed where none can.
  Milliseconds connect_limit() const;
  Milliseconds connect_limit_at_need() const { return options_.limits.connect; }

  // One attempt, `connect` of it for connecting. A kept-open connection that turns out to be dead is replaced once, at
  // once.
  using Exchanged = Result<https::Response, https::Fault>;
  Task<Exchanged> exchange(https::Request& request, Deadline attempt, Milliseconds connect);

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
  void count(const https::Traffic& traffic);
  void opened(bool now_open);

  const MemberOptions options_;
  Counters& counters_;
  const std::shared_ptr<https::Endpoint> endpoint_;
  https::Pool pool_;
  Circuit circuit_;
  std::atomic<SteadyTime::rep> connecting_since_{0};  // 0: nobody is
  std::atomic<SteadyTime::rep> busy_until_{0};

  Mutex probe_mutex_;  // held only for moments
  https::TcpProbe probe_ SIGNET_GUARDED_BY(probe_mutex_);
  std::string address_ SIGNET_GUARDED_BY(probe_mutex_);  // last connected to; empty: not known
  unsigned failed_looks_ SIGNET_GUARDED_BY(probe_mutex_) = 0;
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_MEMBER_H_
