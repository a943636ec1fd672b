// The metrics that a member has, by name: the one list behind writing and reading them.
#ifndef SIGNET_DSA_TRANSPORT_METRICS_TABLE_H_
#define SIGNET_DSA_TRANSPORT_METRICS_TABLE_H_

#include <array>
#include <cstdint>
#include <string_view>

#include "dsa-transport/counters.h"

namespace signet::transport {

struct MemberMetric {
  std::string_view name;
  std::string_view help;
  std::uint64_t Totals::*value;
};

inline constexpr std::array kMemberMetrics = std::to_array<MemberMetric>({
    {"signet_requests_total", "Attempts, also those that failed before a byte was sent.",
     &Totals::requests},
    {"signet_request_failures_total", "Attempts without a good answer, refusals included.",
     &Totals::request_failures},
    {"signet_handshakes_total", "Connections made, TLS handshake included.", &Totals::handshakes},
    {"signet_retries_total", "Attempts after the first of their call.", &Totals::retries},
    {"signet_failovers_total", "Calls that ended well here but began on another member.",
     &Totals::failovers},
    {"signet_stale_connections_total", "Kept-open connections that had died and were replaced.",
     &Totals::stale_connections},
    {"signet_pin_failures_total", "Handshakes ended because no pin matched.",
     &Totals::pin_failures},
    {"signet_sent_bytes_total", "HTTP, without TLS.", &Totals::bytes_sent},
    {"signet_received_bytes_total", "HTTP, without TLS.", &Totals::bytes_received},
});

struct TokenMetric {
  std::string_view name;
  std::string_view help;
  std::uint64_t ApplianceFigures::*value;
};

inline constexpr std::array kTokenMetrics = std::to_array<TokenMetric>({
    {"signet_calls_total", "Calls of the appliance that went to the network.",
     &ApplianceFigures::calls},
    {"signet_call_failures_total", "Calls of the appliance that ended in an error.",
     &ApplianceFigures::failures},
});

inline constexpr std::string_view kProcessInfo = "signet_process_info";
inline constexpr std::string_view kActive = "signet_module_active";
inline constexpr std::string_view kWritten = "signet_written_seconds";
inline constexpr std::string_view kLatency = "signet_request_seconds";

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_METRICS_TABLE_H_
