#include "crypto/merkle.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <map>
#include <random>

#include "crypto/merkle_tile.h"
#include "crypto/merkle_verify.h"

namespace signet::crypto {
namespace {

// A tree that keeps all its nodes.
class KeptTree {
 public:
  explicit KeptTree(const std::vector<Bytes>& entries) {
    for (const Bytes& entry : entries) add(entry);
  }

  void add(ByteView entry) {
    edge_.append(leaf_hash(entry),
                 [this](const TreeNode& node, const TreeHash& hash) { nodes_[node] = hash; });
    states_.push_back({edge_.size(), edge_.root()});
  }

  NodeReader reader() const {
    return [this](const TreeNode& node) -> TreeResult<TreeHash> {
      const auto found = nodes_.find(node);
      if (found == nodes_.end()) return std::string("The tree has no such node.");
      return found->second;
    };
  }

  TreeHash leaf(std::uint64_t index) const { return nodes_.at({0, index}); }
  const TreeState& state(std::uint64_t size) const { return states_.at(size); }

 private:
  TreeEdge edge_;
  std::map<TreeNode, TreeHash> nodes_;
  std::vector<TreeState> states_{{0, empty_tree_root()}};
};

KeptTree tree_of(std::uint64_t size) {
  KeptTree tree({});
  for (std::uint64_t i = 0; i < size; ++i) tree.add(view_of("entry " + std::to_string(i)));
  return tree;
}

// The entries and roots with which implementations of Certificate Transparency test themselves.
constexpr const char* kEntries[] = {"",
                                    "00",
                                    "10",
                                    "2021",
                                    "3031",
                                    "40414243",
                                    "5051525354555657",
                                    "606162636465666768696a6b6c6d6e6f"};
constexpr const char* kRoots[] = {
    "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855",
    "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
    "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
    "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
    "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
    "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
    "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
    "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
    "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328"};

TEST(Merkle, GivesThePublishedRoots) {
  KeptTree tree({});
  for (const char* entry : kEntries) tree.add(from_hex(entry).value());
  for (std::uint64_t size = 0; size < std::size(kRoots); ++size) {
    EXPECT_EQ(to_hex(tree.state(size).root), kRoots[size]) << size;
    EXPECT_EQ(tree_root(size, tree.reader()).value(), tree.state(size).root) << size;
  }
}

// RFC 9162, section 2.1.5: the tree of seven leaves, with the RFC's names of its nodes.
TEST(Merkle, ProofsAreThoseOfTheStandardsExample) {
  const KeptTree tree = tree_of(7);
  const auto node = [&](unsigned level, std::uint64_t index) {
    return tree.reader()({level, index}).value();
  };
  const TreeHash b = node(0, 1);
  const TreeHash c = node(0, 2);
  const TreeHash d = node(0, 3);
  const TreeHash f = node(0, 5);
  const TreeHash j = node(0, 6);
  const TreeHash g = node(1, 0);
  const TreeHash h = node(1, 1);
  const TreeHash i = node(1, 2);
  const TreeHash k = node(2, 0);
  const TreeHash l = node_hash(i, j);
  using Proof = std::vector<TreeHash>;
  EXPECT_EQ(inclusion_proof(0, 7, tree.reader()).value(), (Proof{b, h, l}));
  EXPECT_EQ(inclusion_proof(3, 7, tree.reader()).value(), (Proof{c, g, l}));
  EXPECT_EQ(inclusion_proof(4, 7, tree.reader()).value(), (Proof{f, j, k}));
  EXPECT_EQ(inclusion_proof(6, 7, tree.reader()).value(), (Proof{i, k}));
  EXPECT_EQ(consistency_proof(3, 7, tree.reader()).value(), (Proof{c, d, g, l}));
  EXPECT_EQ(consistency_proof(4, 7, tree.reader()).value(), (Proof{l}));
  EXPECT_EQ(consistency_proof(6, 7, tree.reader()).value(), (Proof{i, j, k}));
}

constexpr std::uint64_t kSize = 70;  // past two levels of odd ends

TEST(Merkle, EveryLeafIsProvedInEveryTree) {
  const KeptTree tree = tree_of(kSize);
  for (std::uint64_t size = 1; size <= kSize; ++size) {
    for (std::uint64_t index = 0; index < size; ++index) {
      const auto proof = inclusion_proof(index, size, tree.reader()).value();
      const TreeHash& root = tree.state(size).root;
      ASSERT_TRUE(includes(root, size, index, tree.leaf(index), proof)) << index << " of " << size;
      ASSERT_FALSE(includes(root, size, index, tree.leaf((index + 1) % kSize), proof));
      ASSERT_FALSE(includes(tree.state(size - 1).root, size, index, tree.leaf(index), proof));
      ASSERT_FALSE(includes(root, size, size, tree.leaf(index), proof));
      if (index > 0) {
        ASSERT_FALSE(includes(root, size, index - 1, tree.leaf(index), proof));
      }
    }
  }
}

TEST(Merkle, EveryTreeIsProvedToExtendEveryEarlierOne) {
  const KeptTree tree = tree_of(kSize);
  for (std::uint64_t second = 0; second <= kSize; ++second) {
    for (std::uint64_t first = 0; first <= second; ++first) {
      const auto proof = consistency_proof(first, second, tree.reader()).value();
      ASSERT_TRUE(extends(tree.state(first), tree.state(second), proof))
          << first << " and " << second;
      if (first == 0) continue;
      const TreeState forged{first, tree.state(first - 1).root};
      ASSERT_FALSE(extends(forged, tree.state(second), proof)) << first << " and " << second;
      const TreeState other{second, tree.state(second - 1).root};
      ASSERT_FALSE(extends(tree.state(first), other, proof)) << first << " and " << second;
    }
  }
}

// Changed, shortened, lengthened, swapped: what is left of a proof proves nothing.
template <typename Check>
void expect_only_the_whole_proof(const std::vector<TreeHash>& proof, Check holds) {
  ASSERT_TRUE(holds(proof));
  for (std::size_t i = 0; i < proof.size(); ++i) {
    auto changed = proof;
    changed[i][i % 32] ^= 1;
    EXPECT_FALSE(holds(changed)) << "changed at " << i;
    auto shorter = proof;
    shorter.erase(shorter.begin() + static_cast<std::ptrdiff_t>(i));
    EXPECT_FALSE(holds(shorter)) << "without " << i;
    auto longer = proof;
    longer.insert(longer.begin() + static_cast<std::ptrdiff_t>(i), proof[i]);
    EXPECT_FALSE(holds(longer)) << "twice " << i;
    if (i > 0) {
      auto swapped = proof;
      std::swap(swapped[i - 1], swapped[i]);
      EXPECT_FALSE(holds(swapped)) << "swapped at " << i;
    }
  }
  auto longer = proof;
  longer.push_back(TreeHash{});
  EXPECT_FALSE(holds(longer)) << "one at the end";
  EXPECT_FALSE(holds(std::vector<TreeHash>{})) << "empty";
}

TEST(Merkle, AProofWithAnyChangeProvesNothing) {
  const KeptTree tree = tree_of(kSize);
  for (const std::uint64_t index : {0U, 31U, 63U, 64U, 69U}) {
    SCOPED_TRACE(index);
    expect_only_the_whole_proof(
        inclusion_proof(index, kSize, tree.reader()).value(), [&](const auto& proof) {
          return includes(tree.state(kSize).root, kSize, index, tree.leaf(index), proof);
        });
  }
  for (const std::uint64_t first : {1U, 31U, 32U, 63U, 64U, 65U, 69U}) {
    SCOPED_TRACE(first);
    expect_only_the_whole_proof(
        consistency_proof(first, kSize, tree.reader()).value(),
        [&](const auto& proof) { return extends(tree.state(first), tree.state(kSize), proof); });
  }
}

TEST(Merkle, WhatATreeDoesNotHaveIsAnError) {
  const KeptTree tree = tree_of(5);
  EXPECT_EQ(inclusion_proof(5, 5, tree.reader()).error(), "The tree has no such leaf.");
  EXPECT_EQ(inclusion_proof(0, 0, tree.reader()).error(), "The tree has no such leaf.");
  EXPECT_EQ(inclusion_proof(0, 6, tree.reader()).error(), "The tree has no such node.");
  EXPECT_EQ(consistency_proof(5, 6, tree.reader()).error(), "The tree has no such node.");
  EXPECT_EQ(consistency_proof(6, 5, tree.reader()).error(),
            "The first tree is larger than the second.");
  EXPECT_EQ(tree_root(6, tree.reader()).error(), "The tree has no such node.");
  EXPECT_TRUE(TreeEdge::of_tree(6, tree.reader()).has_error());
}

TEST(Merkle, AnEdgeGoesOnWhereAnotherWas) {
  const KeptTree tree = tree_of(kSize);
  for (std::uint64_t size = 0; size < kSize; ++size) {
    TreeEdge edge = TreeEdge::of_tree(size, tree.reader()).value();
    EXPECT_EQ(edge.size(), size);
    EXPECT_EQ(edge.root(), tree.state(size).root);
    edge.append(tree.leaf(size), [&](const TreeNode& node, const TreeHash& hash) {
      EXPECT_EQ(tree.reader()(node).value(), hash);
    });
    EXPECT_EQ(edge.root(), tree.state(size + 1).root) << size;
  }
}

TEST(Merkle, VeryLargeTreesNeedNoMoreThanTheirPath) {
  constexpr std::uint64_t kHuge = (std::uint64_t{1} << 62) + 12345;
  int reads = 0;
  const NodeReader read = [&](const TreeNode& node) -> TreeResult<TreeHash> {
    ++reads;
    return leaf_hash(view_of(std::to_string(node.level) + "/" + std::to_string(node.index)));
  };
  const TreeHash root = tree_root(kHuge, read).value();
  reads = 0;
  const auto proof = inclusion_proof(kHuge - 1, kHuge, read).value();
  EXPECT_LE(reads, 128);
  EXPECT_TRUE(includes(root, kHuge, kHuge - 1, read({0, kHuge - 1}).value(), proof));
}

TEST(MerkleTile, HasThePathOfTheSpecification) {
  EXPECT_EQ(tile_path({.level = 0, .index = 1'234'067}), "tile/0/x001/x234/067");
  EXPECT_EQ(tile_path({.level = 3, .index = 0}), "tile/3/000");
  EXPECT_EQ(tile_path({.level = 1, .index = 999, .width = 7}), "tile/1/999.p/7");
  EXPECT_EQ(tile_path({.entries = true, .index = 1000}), "tile/entries/x001/000");
  EXPECT_EQ(tile_path({.entries = true, .index = 5, .width = 255}), "tile/entries/005.p/255");
}

TEST(MerkleTile, IsReadFromItsPathAlone) {
  std::mt19937_64 random(20);  // any, but the same each time
  for (int i = 0; i < 1000; ++i) {
    Tile tile{.entries = i % 3 == 0, .index = random() >> (8 + random() % 56)};
    if (!tile.entries) tile.level = static_cast<unsigned>(random() % kTileLevels);
    if (i % 2 == 0) tile.width = static_cast<unsigned>(1 + random() % 255);
    EXPECT_EQ(tile_of_path(tile_path(tile)), tile) << tile_path(tile);
  }
  for (const char* path : {"",
                           "tile",
                           "tile/",
                           "tile/0",
                           "tile/0/",
                           "tile/0/0",
                           "tile/0/1000",
                           "tile/0/x000/001",
                           "tile/0/x001",
                           "tile/0/x001/",
                           "tile/0/001/002",
                           "tile/00/000",
                           "tile/8/000",
                           "tile/-1/000",
                           "tile/0/000.p/0",
                           "tile/0/000.p/256",
                           "tile/0/000.p/01",
                           "tile/0/000.p/",
                           "tile/0/000.p",
                           "tile/0/000/",
                           "/tile/0/000",
                           "tile/entries",
                           "tile/entries/",
                           "tile/entries/0",
                           "tile/0/xx01/000",
                           "tile/0/x/",
                           "tile/0/../000",
                           "tile/entries/entries/000",
                           "tile/0/000.p/5.p/6",
                           "tile/0/x999/x999/x999/x999/x999/x999/x999/999"}) {
    EXPECT_FALSE(tile_of_path(path)) << path;
  }
}

TEST(MerkleTile, IsThereOnceItsHashesAre) {
  EXPECT_FALSE(tree_has_tile(0, {.index = 0, .width = 1}));
  EXPECT_TRUE(tree_has_tile(5, {.index = 0, .width = 5}));
  EXPECT_TRUE(tree_has_tile(5, {.index = 0, .width = 3}));
  EXPECT_FALSE(tree_has_tile(5, {.index = 0, .width = 6}));
  EXPECT_FALSE(tree_has_tile(255, {.index = 0}));
  EXPECT_TRUE(tree_has_tile(256, {.index = 0}));
  EXPECT_FALSE(tree_has_tile(256, {.index = 1, .width = 1}));
  EXPECT_FALSE(tree_has_tile(255, {.level = 1, .index = 0, .width = 1}));
  EXPECT_TRUE(tree_has_tile(256, {.level = 1, .index = 0, .width = 1}));
  EXPECT_TRUE(tree_has_tile(65536, {.level = 1, .index = 0}));
}

// A log that grows by groups publishes each hash of every eighth level.
TEST(MerkleTile, NewTilesTogetherHaveEveryNode) {
  constexpr std::uint64_t kEnd = 70'000;
  std::map<TreeNode, std::uint64_t> published;  // and the size at which it was
  std::uint64_t before = 0;
  for (const std::uint64_t size : {std::uint64_t{1}, std::uint64_t{255}, std::uint64_t{256},
                                   std::uint64_t{257}, std::uint64_t{1024}, kEnd}) {
    for (const Tile& tile : new_tiles(before, size)) {
      EXPECT_TRUE(tree_has_tile(size, tile)) << tile_path(tile);
      EXPECT_FALSE(tree_has_tile(before, tile)) << tile_path(tile);
      for (unsigned i = 0; i < tile.width; ++i) published.try_emplace(tile.node(i), size);
    }
    for (unsigned level = 0; level < 3; ++level) {
      const std::uint64_t nodes = size >> (8 * level);
      if (nodes == 0) continue;
      EXPECT_TRUE(published.contains({8 * level, nodes - 1})) << level << " at " << size;
      EXPECT_FALSE(published.contains({8 * level, nodes})) << level << " at " << size;
    }
    before = size;
  }
  EXPECT_EQ(published.size(), kEnd + kEnd / 256 + kEnd / 65'536);
  EXPECT_TRUE(new_tiles(kEnd, kEnd).empty());
}

}  // namespace
}  // namespace signet::crypto
