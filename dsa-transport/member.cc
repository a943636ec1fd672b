#include "dsa-transport/member.h"

#include <algorithm>
#include <thread>
#include <utility>

#include "common/log.h"

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

class ConnectingEnds {
 public:
  explicit ConnectingEnds(std::atomic<SteadyTime::rep>& since) : since_(since) {}
  ~ConnectingEnds() { since_ = 0; }
  ConnectingEnds(const ConnectingEnds&) = delete;
  ConnectingEnds& operator=(const ConnectingEnds&) = delete;

 private:
  std::atomic<SteadyTime::rep>& since_;
};

}  // namespace

Member::Member(EndpointOptions options, Counters& counters, SocketTable& sockets)
    : endpoint_(std::make_shared<Endpoint>(std::move(options), counters, sockets)),
      pool_(endpoint_),
      probe_(endpoint_->sockets()) {}

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

bool Member::admits_at_need(Deadline moment) {
  constexpr Milliseconds pause = 5ms;
  if (circuit_.state(now()) == Circuit::State::closed) return true;
  Reachable reachable = look();
  while (reachable == Reachable::not_yet && !moment.passed()) {
    std::this_thread::sleep_for(pause);
    reachable = look();
  }
  if (reachable == Reachable::no || reachable == Reachable::not_yet) return false;
  // Where another caller tries it already, this one does too: there is no better place to go.
  (void)circuit_.try_half_open(now());
  return true;
}

Member::Reachable Member::look() {
  TcpProbe::State state{};
  {
    const std::lock_guard lock(probe_mutex_);
    const std::string& address = is_address(endpoint_->host()) ? endpoint_->host() : address_;
    if (address.empty()) return Reachable::unknown;
    state = probe_.look(address, endpoint_->port(), endpoint_->options().limits.connect);
    // The name may stand for another address by now: let a real attempt look it up again.
    if (state == TcpProbe::State::failed && ++failed_looks_ % kLooksPerAddress == 0) {
      address_.clear();
    }
  }
  if (state == TcpProbe::State::pending) return Reachable::not_yet;
  if (state == TcpProbe::State::connected) return Reachable::yes;
  circuit_.failed(Failure::unreachable, "no TCP connection comes about", now(), now());
  return Reachable::no;
}

Milliseconds Member::connect_limit() const {
  const Milliseconds limit = endpoint_->options().limits.connect;
  const bool closed = circuit_.state(now()) == Circuit::State::closed;
  return closed ? limit : std::min(limit, kProbeConnect);
}

Result<HttpAnswer, TransferFault> Member::exchange_on(Pool::Lease& lease,
                                                      const HttpRequest& request, Deadline attempt,
                                                      Milliseconds connect) {
  if (lease->warm()) return lease->exchange(request, attempt, connect);
  SteadyTime::rep nobody = 0;
  connecting_since_.compare_exchange_strong(nobody, now().time_since_epoch().count());
  // Also where an exception ends it: the member would be in doubt for ever.
  const ConnectingEnds ends(connecting_since_);
  return lease->exchange(request, attempt, connect);
}

Result<HttpAnswer, TransferFault> Member::exchange(const HttpRequest& request, Deadline attempt,
                                                   Milliseconds connect) {
  auto lease = pool_.take(attempt);
  if (!lease) {
    return TransferFault{TransferFault::Kind::saturated, "no connection became free in time"};
  }
  auto answer = exchange_on(lease.value(), request, attempt, connect);
  if (!answer && answer.error().kind == TransferFault::Kind::stale) {
    ++endpoint_->counters().stale_connections;
    log::info("{}: a kept-open connection was dead and is replaced", url());
    const bool sent = answer.error().sent;
    lease.value().renew();
    answer = exchange_on(lease.value(), request, attempt, connect);
    if (answer) answer.value().may_be_repeated |= sent;
    if (!answer) answer.error().sent |= sent;
  }
  if (!answer) {
    lease.value().discard();
    return answer;
  }
  const std::lock_guard lock(probe_mutex_);
  address_ = lease.value()->peer_address();
  return answer;
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
