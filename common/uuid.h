// UUIDs (RFC 9562).
#ifndef SIGNET_COMMON_UUID_H_
#define SIGNET_COMMON_UUID_H_

#include <fmt/format.h>

#include <array>
#include <cstdint>
#include <string>
#include <string_view>

#include "common/bytes.h"

namespace signet {

// The text of one of these octets; version and variant take the place of six bits. `version`: 4 for random octets, 8 for others.
inline std::string uuid_text(std::array<std::uint8_t, 16> octets, unsigned version) {
  octets[6] = static_cast<std::uint8_t>((octets[6] & 0x0FU) | (version << 4U));
  octets[8] = static_cast<std::uint8_t>((octets[8] & 0x3FU) | 0x80U);
  const std::string hex = to_hex(octets);
  const std::string_view view = hex;
  return fmt::format("{}-{}-{}-{}-{}", view.substr(0, 8), view.substr(8, 4), view.substr(12, 4),
                     view.substr(16, 4), view.substr(20));
}

}  // namespace signet

#endif  // SIGNET_COMMON_UUID_H_
