#include "dsa-transport/member.h"

#include <algorithm>
#include <utility>

#include "common/log.h"
#include "dsa-transport/client_identity.h"

namespace signet::transport {

namespace {

using namespace std::chrono_literals;

constexpr Milliseconds kDoubtAfter = 500ms;  // of waiting for a connection
constexpr Milliseconds kProbeConnect =
    1000ms;  // for a connection to a member known to be in trouble
constexpr unsigned kLooksPerAddress = 4;

SteadyTime now() {
  return std::chrono::steady_clock::now();
}

https::EndpointOptions endpoint_options(const MemberOptions& options) {
  https::EndpointOptions endpoint{.url = options.member.url,
                                  .pins = options.member.pins,
                                  .ca_file = options.member.ca_file,
                                  .user_agent = options.user_agent,
                                  .connect = options.limits.connect,
                                  .idle = options.limits.idle,
                                  .connections = options.limits.connections,
                                  .may_create_threads = options.may_create_threads};
  if (const auto& certificate = options.client_certificate; certificate) {
    endpoint.identity = [certificate = *certificate] {
      return std::make_unique<ClientIdentity>(certificate);
    };
  }
  return endpoint;
}

// While somebody connects. It ends however that ends: the member would be in doubt for ever.
class Connecting {
 public:
  explicit Connecting(std::atomic<SteadyTime::rep>& since) : since_(since) {
    SteadyTime::rep nobody = 0;
    since_.compare_exchange_strong(nobody, now().time_since_epoch().count());
  }
  ~Connecting() { since_ = 0; }
  Connecting(const Connecting&) = delete;
  Connecting& operator=(const Connecting&) = delete;

 private:
  std::atomic<SteadyTime::rep>& since_;
};

}  // namespace

MemberOptions::MemberOptions(const Settings& settings, const config::MemberConfig& its_member)
    : member(its_member),
      client_certificate(settings.client_certificate),
      limits(settings.limits),
      user_agent(settings.user_agent),
      may_create_threads(settings.may_create_threads) {
  for (const auto& file : config::files_of(member, client_certificate)) {
    files.push_back(FileStamp::of(file));
  }
}

Member::Member(MemberOptions options, Counters& counters, https::SocketTable& sockets)
    : options_(std::move(options)),
      counters_(counters),
      endpoint_(std::make_shared<https::Endpoint>(endpoint_options(options_), sockets)),
      pool_(endpoint_),
      probe_(sockets) {}

bool Member::admits() {
  switch (circuit_.state(now())) {
    case Circuit::State::closed:
      return true;
    case Circuit::State::resting:
    case Circuit::State::half_open:
      return false;
    case Circuit::State::rested:
      break;
  }
  const Reachable reachable = look();
  return (reachable == Reachable::yes || reachable == Reachable::unknown) &&
         circuit_.try_half_open(now());
}

void Member::prepare_at_need() {
  if (circuit_.state(now()) != Circuit::State::closed) look();
}

Member::AtNeed Member::admits_at_need() {
  if (circuit_.state(now()) == Circuit::State::closed) return AtNeed::admitted;
  const Reachable reachable = look();
  if (reachable == Reachable::not_yet) return AtNeed::not_yet;
  if (reachable == Reachable::no) return AtNeed::refused;
  // Where another caller tries it already, this one does too: there is no better place to go.
  (void)circuit_.try_half_open(now());
  return AtNeed::admitted;
}

Member::Reachable Member::look() {
  https::TcpProbe::State state{};
  {
    const MutexLock lock(probe_mutex_);
    const std::string& address =
        https::is_address(endpoint_->host()) ? endpoint_->host() : address_;
    if (address.empty()) return Reachable::unknown;
    state = probe_.look(address, endpoint_->port(), options_.limits.connect);
    // The name may stand for another address by now: let a real attempt look it up again.
    if (state == https::TcpProbe::State::failed && ++failed_looks_ % kLooksPerAddress == 0) {
      address_.clear();
    }
  }
  if (state == https::TcpProbe::State::pending) return Reachable::not_yet;
  if (state == https::TcpProbe::State::connected) return Reachable::yes;
  circuit_.failed(Failure::unreachable, "TCP does not connect", now(), now());
  return Reachable::no;
}

Milliseconds Member::connect_limit() const {
  const Milliseconds limit = options_.limits.connect;
  const bool closed = circuit_.state(now()) == Circuit::State::closed;
  return closed ? limit : std::min(limit, kProbeConnect);
}

void Member::count(const https::Traffic& traffic) {
  counters_.handshakes += traffic.handshakes;
  counters_.bytes_sent += traffic.sent;
  counters_.bytes_received += traffic.received;
}

Task<Member::Exchanged> Member::exchange(https::Request& request, Deadline attempt,
                                         Milliseconds connect) {
  auto lease = pool_.try_take();
  if (!lease) {
    auto waited = co_await pool_.take(attempt);
    if (!waited) {
      co_return https::Fault{https::Fault::Kind::saturated, "no connection became free in time"};
    }
    lease.emplace(std::move(waited).value());
  }
  bool replaced = false;
  bool sent_before = false;
  for (;;) {
    https::Connection& connection = **lease;
    std::optional<Connecting> connecting;
    if (!connection.warm()) connecting.emplace(connecting_since_);
    connection.start(request, attempt, connect);
    while (!connection.step()) co_await connection.wait();
    connecting.reset();
    count(connection.traffic());
    Exchanged exchanged = connection.finish();
    if (exchanged) {
      exchanged.value().may_be_repeated |= sent_before;
      lease->keep();
      const MutexLock lock(probe_mutex_);
      address_ = connection.peer_address();
      co_return exchanged;
    }
    exchanged.error().sent |= sent_before;
    const bool stale = exchanged.error().kind == https::Fault::Kind::stale;
    if (!stale || std::exchange(replaced, true)) co_return exchanged;
    if (request.once && exchanged.error().sent) co_return exchanged;
    ++counters_.stale_connections;
    log::info("{}: a kept-open connection was dead and is replaced", url());
    sent_before = exchanged.error().sent;
    lease->renew();
  }
}

void Member::was_well() {
  busy_until_ = 0;
  circuit_.succeeded(now());
}

void Member::was_in_trouble(Failure failure, const std::string& sentence, SteadyTime began) {
  opened(circuit_.failed(failure, sentence, began, now()));
}

void Member::was_faulty(const std::string& sentence, SteadyTime began) {
  opened(circuit_.faulted(sentence, began, now()));
}

void Member::opened(bool now_open) {
  if (!now_open) return;
  log::warn("{}: not asked again until it has recovered: {}", url(), trouble().sentence);
  pool_.interrupt();
}

void Member::is_busy_for(Milliseconds span) {
  circuit_.succeeded(now());
  busy_until_ = (now() + span).time_since_epoch().count();
}

bool Member::is_doubtful() const {
  const SteadyTime::rep since = connecting_since_;
  const SteadyTime moment = now();
  if (moment.time_since_epoch().count() < busy_until_) return true;
  return since != 0 && moment - SteadyTime(SteadyTime::duration(since)) > kDoubtAfter;
}

}  // namespace signet::transport
