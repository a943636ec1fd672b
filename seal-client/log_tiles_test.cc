#include "seal-client/log_tiles.h"

#include <gtest/gtest.h>

#include "crypto/merkle_verify.h"

namespace signet::sealclient {
namespace {

using crypto::TreeHash;
using crypto::TreeNode;

// A log with all its nodes, which gives tiles.
class Published {
 public:
  void grow(std::uint64_t size) {
    while (edge_.size() < size) {
      edge_.append(crypto::leaf_hash(view_of(std::to_string(edge_.size()))),
                   [this](const TreeNode& node, const TreeHash& hash) { nodes_[node] = hash; });
    }
  }

  crypto::TreeState state() const { return {edge_.size(), edge_.root()}; }

  Bytes tile(const crypto::Tile& tile) const {
    Bytes content;
    for (unsigned i = 0; i < tile.width; ++i) {
      const TreeHash& hash = nodes_.at(tile.node(i));
      content.insert(content.end(), hash.begin(), hash.end());
    }
    return content;
  }

 private:
  crypto::TreeEdge edge_;
  std::map<TreeNode, TreeHash> nodes_;
};

TEST(LogTiles, GiveEveryConsistencyProof) {
  for (const auto& [first, second] : std::vector<std::pair<std::uint64_t, std::uint64_t>>{
           {1, 2}, {7, 300}, {255, 256}, {256, 257}, {300, 300}, {513, 66'000}, {65'536, 66'049}}) {
    Published log;
    log.grow(first);
    const crypto::TreeState before = log.state();
    log.grow(second);
    LogTiles tiles(second);
    int fetched = 0;
    while (true) {
      const auto proof = crypto::consistency_proof(
          first, second, [&](const TreeNode& node) { return tiles.node(node); });
      if (proof) {
        EXPECT_TRUE(crypto::extends(before, log.state(), proof.assume_value())) << first;
        break;
      }
      ASSERT_TRUE(tiles.missing());
      ASSERT_TRUE(crypto::tree_has_tile(second, *tiles.missing()));
      ASSERT_LT(++fetched, 10);
      ASSERT_TRUE(tiles.add(log.tile(*tiles.missing())));
    }
  }
}

TEST(LogTiles, TakeNoContentOfAnotherSize) {
  Published log;
  log.grow(5);
  LogTiles tiles(5);
  EXPECT_FALSE(tiles.add(Bytes(32)));
  EXPECT_FALSE(tiles.node({0, 3}));
  ASSERT_TRUE(tiles.missing());
  EXPECT_EQ(tiles.missing()->width, 5U);
  EXPECT_FALSE(tiles.add(Bytes(4 * 32)));
  EXPECT_FALSE(tiles.add(Bytes(5 * 32 + 1)));
  EXPECT_TRUE(tiles.add(log.tile(*tiles.missing())));
  EXPECT_TRUE(tiles.node({0, 3}));
  EXPECT_FALSE(tiles.node({0, 5}));
}

}  // namespace
}  // namespace signet::sealclient
