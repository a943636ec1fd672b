#include "crypto/merkle.h"

#include <algorithm>
#include <bit>
#include <stdexcept>

#include "crypto/openssl.h"

namespace signet::crypto {

namespace {

constexpr std::uint8_t kLeafPrefix = 0;
constexpr std::uint8_t kNodePrefix = 1;

const EVP_MD* tree_digest() {
  static const EVP_MD* const digest = EVP_MD_fetch(library_context(), "SHA256", nullptr);
  if (digest == nullptr) throw std::runtime_error("OpenSSL has no SHA-256");
  return digest;
}

TreeHash hash_of(ByteView octets) {
  TreeHash hash;
  if (EVP_Digest(octets.data(), octets.size(), hash.data(), nullptr, tree_digest(), nullptr) != 1)
    throw std::runtime_error("OpenSSL cannot compute SHA-256");
  return hash;
}

// The largest power of two below `size`, which is at least 2.
std::uint64_t left_part(std::uint64_t size) {
  return std::bit_floor(size - 1);
}

// Leaves from `begin` to before `end`; never empty. Its first leaf is where a subtree of its size may begin.
struct LeafRange {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;

  std::uint64_t size() const { return end - begin; }
  LeafRange left() const { return {begin, begin + left_part(size())}; }
  LeafRange right() const { return {begin + left_part(size()), end}; }
};

TreeResult<TreeHash> range_root(LeafRange range, const NodeReader& read) {
  if (std::has_single_bit(range.size())) {
    const auto level = static_cast<unsigned>(std::countr_zero(range.size()));
    return read({level, range.begin >> level});
  }
  BOOST_OUTCOME_TRY(const TreeHash left, range_root(range.left(), read));
  BOOST_OUTCOME_TRY(const TreeHash right, range_root(range.right(), read));
  return node_hash(left, right);
}

}  // namespace

TreeHash leaf_hash(ByteView entry) {
  Bytes octets;
  octets.reserve(entry.size() + 1);
  octets.push_back(kLeafPrefix);
  octets.insert(octets.end(), entry.begin(), entry.end());
  return hash_of(octets);
}

TreeHash node_hash(const TreeHash& left, const TreeHash& right) {
  std::array<std::uint8_t, 1 + 2 * std::tuple_size_v<TreeHash>> octets;
  octets[0] = kNodePrefix;
  std::ranges::copy(right, std::ranges::copy(left, octets.begin() + 1).out);
  return hash_of(octets);
}

TreeHash empty_tree_root() {
  return hash_of({});
}

TreeResult<TreeHash> tree_root(std::uint64_t size, const NodeReader& read) {
  if (size == 0) return empty_tree_root();
  return range_root({0, size}, read);
}

TreeResult<std::vector<TreeHash>> inclusion_proof(std::uint64_t index, std::uint64_t size,
                                                  const NodeReader& read) {
  if (index >= size) return std::string("The tree has no such leaf.");
  std::vector<TreeHash> proof;
  LeafRange range{0, size};
  while (range.size() > 1) {
    const bool goes_left = index < range.left().end;
    BOOST_OUTCOME_TRY(const TreeHash other,
                      range_root(goes_left ? range.right() : range.left(), read));
    proof.push_back(other);
    range = goes_left ? range.left() : range.right();
  }
  std::ranges::reverse(proof);
  return proof;
}

TreeResult<std::vector<TreeHash>> consistency_proof(std::uint64_t first, std::uint64_t second,
                                                    const NodeReader& read) {
  if (first > second) return std::string("The first tree is larger than the second.");
  std::vector<TreeHash> proof;
  if (first == 0 || first == second) return proof;
  LeafRange range{0, second};
  while (range.end != first) {
    const bool ends_left = first <= range.left().end;
    BOOST_OUTCOME_TRY(const TreeHash other,
                      range_root(ends_left ? range.right() : range.left(), read));
    proof.push_back(other);
    range = ends_left ? range.left() : range.right();
  }
  // Whoever checks the proof has the root of the first tree, but of no other part.
  if (range.begin != 0) {
    BOOST_OUTCOME_TRY(const TreeHash own, range_root(range, read));
    proof.push_back(own);
  }
  std::ranges::reverse(proof);
  return proof;
}

TreeResult<TreeEdge> TreeEdge::of_tree(std::uint64_t size, const NodeReader& read) {
  TreeEdge edge;
  for (LeafRange rest{0, size}; rest.begin < size;) {
    const LeafRange subtree{rest.begin, rest.begin + std::bit_floor(rest.size())};
    BOOST_OUTCOME_TRY(const TreeHash root, range_root(subtree, read));
    edge.subtrees_.push_back(root);
    rest.begin = subtree.end;
  }
  edge.size_ = size;
  return edge;
}

void TreeEdge::append(const TreeHash& leaf, const Keep& keep) {
  TreeNode node{.level = 0, .index = size_};
  TreeHash hash = leaf;
  keep(node, hash);
  while (node.index % 2 == 1) {
    hash = node_hash(subtrees_.back(), hash);
    subtrees_.pop_back();
    node = {.level = node.level + 1, .index = node.index / 2};
    keep(node, hash);
  }
  subtrees_.push_back(hash);
  ++size_;
}

TreeHash TreeEdge::root() const {
  if (subtrees_.empty()) return empty_tree_root();
  TreeHash root = subtrees_.back();
  for (std::size_t i = subtrees_.size() - 1; i > 0; --i) root = node_hash(subtrees_[i - 1], root);
  return root;
}

}  // namespace signet::crypto
