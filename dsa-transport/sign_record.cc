#include "dsa-transport/sign_record.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdint>

#include "common/uuid.h"
#include "crypto/openssl.h"

namespace signet::transport {

std::string lone_key(std::string_view batch_key, std::size_t position) {
  const Bytes digest = crypto::sha256(view_of(fmt::format("{} {}", batch_key, position)));
  std::array<std::uint8_t, 16> octets{};
  std::ranges::copy_n(digest.begin(), octets.size(), octets.begin());
  return uuid_text(octets, 8);
}

}  // namespace signet::transport
