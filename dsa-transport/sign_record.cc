#include "dsa-transport/sign_record.h"

#include <fmt/format.h>

#include <string_view>

#include "crypto/openssl.h"

namespace signet::transport {

std::string lone_key(std::string_view batch_key, std::size_t position) {
  Bytes bytes = crypto::sha256(view_of(fmt::format("{} {}", batch_key, position)));
  bytes.resize(16);
  bytes[6] = static_cast<std::uint8_t>((bytes[6] & 0x0FU) | 0x80U);
  bytes[8] = static_cast<std::uint8_t>((bytes[8] & 0x3FU) | 0x80U);
  const std::string hex = to_hex(bytes);
  const std::string_view view = hex;
  return fmt::format("{}-{}-{}-{}-{}", view.substr(0, 8), view.substr(8, 4), view.substr(12, 4),
                     view.substr(16, 4), view.substr(20));
}

}  // namespace signet::transport
