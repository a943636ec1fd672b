// What a transport has done since it was made; for status displays and tests.
#ifndef SIGNET_DSA_TRANSPORT_COUNTERS_H_
#define SIGNET_DSA_TRANSPORT_COUNTERS_H_

#include <atomic>
#include <cstdint>

namespace signet::transport {

struct Totals {
  std::uint64_t requests = 0;           // attempts, also those that failed before a byte was sent
  std::uint64_t handshakes = 0;         // connections made, TLS handshake included
  std::uint64_t retries = 0;            // attempts after the first of their call
  std::uint64_t failovers = 0;          // calls that ended on another member than they began with
  std::uint64_t stale_connections = 0;  // kept-open connections that had died and were replaced
  std::uint64_t pin_failures = 0;
  std::uint64_t failures = 0;    // calls that ended in an error
  std::uint64_t bytes_sent = 0;  // HTTP, without TLS
  std::uint64_t bytes_received = 0;
  std::uint64_t milliseconds = 0;  // sum over all attempts
};

class Counters {
 public:
  using Cell = std::atomic<std::uint64_t>;

  Cell requests{0};
  Cell handshakes{0};
  Cell retries{0};
  Cell failovers{0};
  Cell stale_connections{0};
  Cell pin_failures{0};
  Cell failures{0};
  Cell bytes_sent{0};
  Cell bytes_received{0};
  Cell milliseconds{0};

  // Each number is right; together they need not be of one moment.
  Totals read() const {
    return {.requests = requests,
            .handshakes = handshakes,
            .retries = retries,
            .failovers = failovers,
            .stale_connections = stale_connections,
            .pin_failures = pin_failures,
            .failures = failures,
            .bytes_sent = bytes_sent,
            .bytes_received = bytes_received,
            .milliseconds = milliseconds};
  }
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_COUNTERS_H_
