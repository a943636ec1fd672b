// Prints a Merkle tree and its proofs, a line each, for a judge:
//   entry NUMBER TEXT | root SIZE HASH | inclusion INDEX SIZE LEAF PROOF... | consistency FIRST SECOND PROOF... | tile PATH
//
//   merkle_samples [spoil]     spoil: the last proof has a bit that is wrong
#include <iostream>
#include <map>
#include <string>
#include <string_view>

#include "crypto/merkle.h"
#include "crypto/merkle_tile.h"

namespace signet::crypto {
namespace {

constexpr std::uint64_t kSamples = 40;

void print_proof(const std::vector<TreeHash>& proof) {
  for (const TreeHash& hash : proof) std::cout << ' ' << to_hex(hash);
  std::cout << '\n';
}

void print_samples(bool spoil) {
  std::map<TreeNode, TreeHash> nodes;
  const NodeReader read = [&](const TreeNode& node) -> TreeResult<TreeHash> {
    return nodes.at(node);
  };
  TreeEdge edge;
  for (std::uint64_t size = 1; size <= kSamples; ++size) {
    const std::string entry = "entry-" + std::to_string(size - 1);
    const TreeHash leaf = leaf_hash(view_of(entry));
    edge.append(leaf, [&](const TreeNode& node, const TreeHash& hash) { nodes[node] = hash; });
    std::cout << "entry " << size - 1 << ' ' << entry << "\nroot " << size << ' '
              << to_hex(edge.root()) << '\n';
    for (std::uint64_t index = 0; index < size; ++index) {
      std::cout << "inclusion " << index << ' ' << size << ' ' << to_hex(nodes.at({0, index}));
      print_proof(inclusion_proof(index, size, read).value());
    }
    for (std::uint64_t first = 1; first <= size; ++first) {
      std::cout << "consistency " << first << ' ' << size;
      auto proof = consistency_proof(first, size, read).value();
      if (spoil && size == kSamples && first == size - 1) proof.back()[0] ^= 1;
      print_proof(proof);
    }
  }
  for (const Tile& tile : new_tiles(0, 70'000)) std::cout << "tile " << tile_path(tile) << '\n';
  std::cout << "tile " << tile_path({.level = 2, .index = 1'234'067, .width = 9}) << '\n';
}

}  // namespace
}  // namespace signet::crypto

int main(int argc, char** argv) {
  signet::crypto::print_samples(argc > 1 && std::string_view(argv[1]) == "spoil");
  return std::cout.flush() ? 0 : 1;
}
