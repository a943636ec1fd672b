// The files in which a log publishes its tree (C2SP tlog-tiles): each has the hashes of up to 256 neighbouring nodes of
// every eighth level of the tree, or the entries of as many leaves.
#ifndef SIGNET_CRYPTO_MERKLE_TILE_H_
#define SIGNET_CRYPTO_MERKLE_TILE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "crypto/merkle.h"

namespace signet::crypto {

inline constexpr unsigned kTileHeight = 8;                                    // levels of the tree
inline constexpr std::uint64_t kTileWidth = std::uint64_t{1} << kTileHeight;  // hashes or entries
inline constexpr unsigned kTileLevels = 8;  // 0 to 7: all that a tree of 2^64 leaves needs

struct Tile {
  bool entries = false;         // an entry bundle, which has no level
  unsigned level = 0;           // of tiles; its hashes are those of the tree's level 8 * level
  std::uint64_t index = 0;      // among the tiles of its level, from the left
  unsigned width = kTileWidth;  // hashes or entries, 1 to 256; below 256 it is a partial tile

  bool operator==(const Tile&) const = default;

  TreeNode node(unsigned position) const {
    return {.level = level * kTileHeight, .index = index * kTileWidth + position};
  }
};

// "tile/0/x001/x234/067", with ".p/N" behind it for a partial tile of N hashes; "tile/entries/…".
std::string tile_path(const Tile& tile);

// The one way of writing each tile; anything else is nothing.
std::optional<Tile> tile_of_path(std::string_view path);

// Whether a tree of `size` leaves has all that is in the tile.
bool tree_has_tile(std::uint64_t size, const Tile& tile);

// The tiles of hashes that a tree of `size` leaves has and one of `before` leaves has not: full ones, and for each level
// the partial one at its end.
std::vector<Tile> new_tiles(std::uint64_t before, std::uint64_t size);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_MERKLE_TILE_H_
