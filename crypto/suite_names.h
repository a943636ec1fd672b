// The suites that Signet has within itself (crypto/suites/), by name; apart from suite.h, which needs a parser.
#ifndef SIGNET_CRYPTO_SUITE_NAMES_H_
#define SIGNET_CRYPTO_SUITE_NAMES_H_

#include <array>
#include <string_view>

namespace signet::crypto {

// After ETSI TS 119 312, V1.5.1 (2024-10) and V2.1.1 (2026-06).
inline constexpr std::array<std::string_view, 2> kShippedSuites = {"119312-1.5.1", "119312-2.1.1"};

// What new seals, certificates and keys are measured by where nothing is said.
inline constexpr std::string_view kDefaultSuite = kShippedSuites[1];

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_SUITE_NAMES_H_
