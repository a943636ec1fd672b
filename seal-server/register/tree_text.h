// The hash of a tree's node from its text.
#ifndef SIGNET_SEAL_SERVER_REGISTER_TREE_TEXT_H_
#define SIGNET_SEAL_SERVER_REGISTER_TREE_TEXT_H_

#include <algorithm>
#include <optional>
#include <string_view>

#include "common/bytes.h"
#include "crypto/merkle.h"

namespace signet::sealserver {

inline std::optional<crypto::TreeHash> tree_hash_in(ByteView octets) {
  crypto::TreeHash hash{};
  if (octets.size() != hash.size()) return std::nullopt;
  std::ranges::copy(octets, hash.begin());
  return hash;
}

// Hexadecimal digits.
inline std::optional<crypto::TreeHash> tree_hash_of(std::string_view digits) {
  const auto octets = from_hex(digits);
  return octets ? tree_hash_in(*octets) : std::nullopt;
}

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_TREE_TEXT_H_
