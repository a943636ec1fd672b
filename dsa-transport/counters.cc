#include "dsa-transport/counters.h"

#include <algorithm>

namespace signet::transport {

Totals& Totals::operator+=(const Totals& more) {
  requests += more.requests;
  request_failures += more.request_failures;
  handshakes += more.handshakes;
  retries += more.retries;
  failovers += more.failovers;
  stale_connections += more.stale_connections;
  pin_failures += more.pin_failures;
  uncertain += more.uncertain;
  bytes_sent += more.bytes_sent;
  bytes_received += more.bytes_received;
  for (std::size_t i = 0; i < latencies.cells.size(); ++i) {
    latencies.cells.at(i) += more.latencies.cells.at(i);
  }
  latencies.milliseconds += more.latencies.milliseconds;
  return *this;
}

Totals ApplianceFigures::sum() const {
  Totals sum;
  for (const MemberFigures& member : members) sum += member.totals;
  return sum;
}

void Counters::took(Milliseconds span) {
  const auto milliseconds =
      static_cast<std::uint64_t>(std::max<Milliseconds::rep>(span.count(), 0));
  const auto* const bound = std::ranges::lower_bound(kLatencyBounds, milliseconds);
  ++latency_cells_.at(static_cast<std::size_t>(bound - kLatencyBounds.begin()));
  milliseconds_ += milliseconds;
}

Totals Counters::read() const {
  Totals totals{.requests = requests,
                .request_failures = request_failures,
                .handshakes = handshakes,
                .retries = retries,
                .failovers = failovers,
                .stale_connections = stale_connections,
                .pin_failures = pin_failures,
                .uncertain = uncertain,
                .bytes_sent = bytes_sent,
                .bytes_received = bytes_received,
                .latencies = {}};
  std::ranges::copy(latency_cells_, totals.latencies.cells.begin());
  totals.latencies.milliseconds = milliseconds_;
  return totals;
}

Counters& CounterBook::of(const std::string& url) {
  const MutexLock lock(mutex_);
  const auto found = std::ranges::find(pages_, url, &Page::url);
  return found != pages_.end() ? found->counters : pages_.emplace_back(url).counters;
}

ApplianceFigures CounterBook::read() const {
  ApplianceFigures figures{calls, failures, {}};
  const MutexLock lock(mutex_);
  for (const Page& page : pages_) figures.members.push_back({page.url, page.counters.read()});
  return figures;
}

}  // namespace signet::transport
