// Whether proofs of a Merkle tree hold. Uses nothing of the code that makes them but the two hashes.
#ifndef SIGNET_CRYPTO_MERKLE_VERIFY_H_
#define SIGNET_CRYPTO_MERKLE_VERIFY_H_

#include <cstdint>
#include <span>

#include "crypto/merkle.h"

namespace signet::crypto {

// RFC 9162, section 2.1.3.2: `leaf` is the hash of the leaf `index` of the tree of `size` leaves with this root.
bool includes(const TreeHash& root, std::uint64_t size, std::uint64_t index, const TreeHash& leaf,
              std::span<const TreeHash> proof);

struct TreeState {
  std::uint64_t size = 0;  // leaves
  TreeHash root{};

  bool operator==(const TreeState&) const = default;
};

// RFC 9162, section 2.1.4.2: the leaves of `first` are the first ones of `second`. With the empty tree every other one is
// consistent, and the proof is empty.
bool extends(const TreeState& first, const TreeState& second, std::span<const TreeHash> proof);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_MERKLE_VERIFY_H_
