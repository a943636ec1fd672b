#include "seal-client/log_tiles.h"

#include <algorithm>
#include <string>

namespace signet::sealclient {

using crypto::TreeHash;
using crypto::TreeNode;
using crypto::TreeResult;

TreeResult<TreeHash> LogTiles::node(const TreeNode& node) {
  const unsigned level = node.level / crypto::kTileHeight;
  const unsigned above = node.level % crypto::kTileHeight;  // levels over the tile's hashes
  const std::uint64_t first = node.index << above;
  const std::uint64_t count = std::uint64_t{1} << above;
  const std::uint64_t index = first / crypto::kTileWidth;
  const auto found = tiles_.find({level, index});
  if (found == tiles_.end()) {
    const std::uint64_t there =
        (size_ >> (crypto::kTileHeight * level)) - index * crypto::kTileWidth;
    missing_ = crypto::Tile{.entries = false,
                            .level = level,
                            .index = index,
                            .width = static_cast<unsigned>(std::min(there, crypto::kTileWidth))};
    return std::string("A tile is missing.");
  }
  const std::uint64_t begin = first % crypto::kTileWidth;
  if (begin + count > found->second.size()) return std::string("The tree has no such node.");
  std::vector<TreeHash> hashes(found->second.begin() + static_cast<std::ptrdiff_t>(begin),
                               found->second.begin() + static_cast<std::ptrdiff_t>(begin + count));
  for (; hashes.size() > 1; hashes.resize(hashes.size() / 2)) {
    for (std::size_t i = 0; i < hashes.size() / 2; ++i)
      hashes[i] = crypto::node_hash(hashes[2 * i], hashes[2 * i + 1]);
  }
  return hashes.front();
}

bool LogTiles::add(ByteView content) {
  if (!missing_ || content.size() != missing_->width * sizeof(TreeHash)) return false;
  std::vector<TreeHash> hashes(missing_->width);
  for (std::size_t i = 0; i < hashes.size(); ++i)
    std::ranges::copy(content.subspan(i * sizeof(TreeHash), sizeof(TreeHash)), hashes[i].begin());
  tiles_[{missing_->level, missing_->index}] = std::move(hashes);
  missing_.reset();
  return true;
}

}  // namespace signet::sealclient
