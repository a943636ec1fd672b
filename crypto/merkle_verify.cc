#include "crypto/merkle_verify.h"

#include <bit>

namespace signet::crypto {

namespace {

// A node on the way up, and the last node of its level: the fn and sn of RFC 9162.
struct Climb {
  std::uint64_t node;
  std::uint64_t last;

  bool at_top() const { return last == 0; }
  // The next hash of the proof stands on the left of the node.
  bool from_left() const { return node % 2 == 1 || node == last; }
  void up() {
    node /= 2;
    last /= 2;
  }
  // Past the levels at which the node has no sibling.
  void skip_single_levels() {
    while (node % 2 == 0 && node != 0) up();
  }
};

}  // namespace

bool includes(const TreeHash& root, std::uint64_t size, std::uint64_t index, const TreeHash& leaf,
              std::span<const TreeHash> proof) {
  if (index >= size) return false;
  Climb climb{index, size - 1};
  TreeHash hash = leaf;
  for (const TreeHash& sibling : proof) {
    if (climb.at_top()) return false;
    if (climb.from_left()) {
      hash = node_hash(sibling, hash);
      climb.skip_single_levels();
    } else {
      hash = node_hash(hash, sibling);
    }
    climb.up();
  }
  return climb.at_top() && hash == root;
}

bool extends(const TreeState& first, const TreeState& second, std::span<const TreeHash> proof) {
  if (first.size > second.size) return false;
  if (first.size == second.size) return proof.empty() && first.root == second.root;
  if (first.size == 0) return proof.empty() && first.root == empty_tree_root();
  const bool starts_at_root = std::has_single_bit(first.size);
  if (proof.empty()) return false;
  Climb climb{first.size - 1, second.size - 1};
  while (climb.node % 2 == 1) climb.up();
  TreeHash old_hash = starts_at_root ? first.root : proof.front();
  TreeHash new_hash = old_hash;
  for (const TreeHash& sibling : starts_at_root ? proof : proof.subspan(1)) {
    if (climb.at_top()) return false;
    if (climb.from_left()) {
      old_hash = node_hash(sibling, old_hash);
      new_hash = node_hash(sibling, new_hash);
      climb.skip_single_levels();
    } else {
      new_hash = node_hash(new_hash, sibling);
    }
    climb.up();
  }
  return climb.at_top() && old_hash == first.root && new_hash == second.root;
}

}  // namespace signet::crypto
