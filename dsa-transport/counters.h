// What a transport has done since it was made, for each member; for status displays and tests.
#ifndef SIGNET_DSA_TRANSPORT_COUNTERS_H_
#define SIGNET_DSA_TRANSPORT_COUNTERS_H_

#include <array>
#include <atomic>
#include <cstddef>
#include <cstdint>
#include <list>
#include <string>
#include <vector>

#include "common/clock.h"
#include "common/mutex.h"

namespace signet::transport {

// The upper bounds, in milliseconds, of a histogram's cells; one more cell holds what took longer.
inline constexpr std::array<std::uint64_t, 12> kLatencyBounds = {
    5, 10, 25, 50, 100, 250, 500, 1000, 2500, 5000, 10'000, 60'000};

// How long attempts took, from the wait for a connection to the last byte of the answer.
struct Latencies {
  std::array<std::uint64_t, kLatencyBounds.size() + 1> cells{};  // each attempt is in one of them
  std::uint64_t milliseconds = 0;                                // sum over all attempts

  bool operator==(const Latencies&) const = default;
};

struct Totals {
  std::uint64_t requests = 0;           // attempts, also those that failed before a byte was sent
  std::uint64_t request_failures = 0;   // attempts without a good answer, refusals included
  std::uint64_t handshakes = 0;         // connections made, TLS handshake included
  std::uint64_t retries = 0;            // attempts after the first of their call
  std::uint64_t failovers = 0;          // calls that ended well here but began on another member
  std::uint64_t stale_connections = 0;  // kept-open connections that had died and were replaced
  std::uint64_t pin_failures = 0;       // handshakes ended because no pin matched
  std::uint64_t uncertain =
      0;  // requests that were perhaps carried out, had no good answer, and were not repeated
  std::uint64_t bytes_sent = 0;  // HTTP, without TLS
  std::uint64_t bytes_received = 0;
  Latencies latencies;

  Totals& operator+=(const Totals& more);
  bool operator==(const Totals&) const = default;
};

struct MemberFigures {
  std::string url;
  Totals totals;

  bool operator==(const MemberFigures&) const = default;
};

struct ApplianceFigures {
  std::uint64_t calls = 0;     // of the Appliance interface that went to the network
  std::uint64_t failures = 0;  // of them, those that ended in an error
  std::vector<MemberFigures> members;

  Totals sum() const;
  bool operator==(const ApplianceFigures&) const = default;
};

// Of one member. Thread-safe.
class Counters {
 public:
  using Cell = std::atomic<std::uint64_t>;

  Cell requests{0};
  Cell request_failures{0};
  Cell handshakes{0};
  Cell retries{0};
  Cell failovers{0};
  Cell stale_connections{0};
  Cell pin_failures{0};
  Cell uncertain{0};
  Cell bytes_sent{0};
  Cell bytes_received{0};

  void took(Milliseconds span);

  // Each number is right; together they need not be of one moment.
  Totals read() const;

 private:
  std::array<Cell, kLatencyBounds.size() + 1> latency_cells_{};
  Cell milliseconds_{0};
};

// Of an appliance, for as long as it lives: a member that is configured again goes on counting, and
// one that was taken out stays with what it has done. Thread-safe.
class CounterBook {
 public:
  Counters::Cell calls{0};
  Counters::Cell failures{0};

  // Of the member with this URL; made at the first time, valid as long as the book.
  Counters& of(const std::string& url);

  // In the order in which the members came.
  ApplianceFigures read() const;

 private:
  struct Page {
    explicit Page(std::string its_url) : url(std::move(its_url)) {}

    const std::string url;
    Counters counters;
  };

  mutable Mutex mutex_;
  std::list<Page> pages_ SIGNET_GUARDED_BY(mutex_);  // the list, not the counters
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_COUNTERS_H_
