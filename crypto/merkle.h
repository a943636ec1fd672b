// Append-only Merkle trees as of RFC 9162, section 2.1 (the same as RFC 6962's), over SHA-256: hashes, roots, proofs.
//
// A tree is known by its nodes: the roots of its perfect subtrees. Whoever keeps them (a database, tiles) gives them to the
// functions here through a reader; a proof reads about twice the logarithm of the tree's size.
#ifndef SIGNET_CRYPTO_MERKLE_H_
#define SIGNET_CRYPTO_MERKLE_H_

#include <array>
#include <cstdint>
#include <functional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::crypto {

using TreeHash = std::array<std::uint8_t, 32>;

// Of an entry: the leaf's hash. These throw std::runtime_error where OpenSSL has no SHA-256, and std::bad_alloc.
TreeHash leaf_hash(ByteView entry);
TreeHash node_hash(const TreeHash& left, const TreeHash& right);
TreeHash empty_tree_root();

// The root of a perfect subtree of 2^level leaves, the first of which is the leaf index * 2^level.
struct TreeNode {
  unsigned level = 0;
  std::uint64_t index = 0;

  auto operator<=>(const TreeNode&) const = default;
};

// The error is a sentence, and comes back from the functions that read.
template <typename T>
using TreeResult = Result<T, std::string>;
using NodeReader = std::function<TreeResult<TreeHash>(const TreeNode&)>;

// Of the tree of the first `size` leaves.
TreeResult<TreeHash> tree_root(std::uint64_t size, const NodeReader& read);

// The proof that the leaf `index` is in the tree of `size` leaves, from the leaf up (RFC 9162, 2.1.3.1). An error where
// it is not.
TreeResult<std::vector<TreeHash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                  const NodeReader& read);

// The proof that the tree of `first` leaves begins the tree of `second` leaves (RFC 9162, 2.1.4.1); empty where first is 0
// or equals second. An error where first is greater than second.
TreeResult<std::vector<TreeHash>> consistency_proof(std::uint64_t first, std::uint64_t second,
                                                    const NodeReader& read);

// The right edge of a growing tree: enough to append leaves and to give the root, in logarithmic memory.
class TreeEdge {
 public:
  TreeEdge() = default;  // of the empty tree
  static TreeResult<TreeEdge> of_tree(std::uint64_t size, const NodeReader& read);

  // `keep` is told of each node that the leaf completes, the leaf itself first.
  using Keep = std::function<void(const TreeNode&, const TreeHash&)>;
  void append(const TreeHash& leaf, const Keep& keep);

  std::uint64_t size() const { return size_; }
  TreeHash root() const;

 private:
  std::uint64_t size_ = 0;
  std::vector<TreeHash> subtrees_;  // perfect ones, from the left: one for each bit of size_
};

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_MERKLE_H_
