// The tiles of a log (C2SP tlog-tiles) that a proof needs, gathered one after the other.
#ifndef SIGNET_SEAL_CLIENT_LOG_TILES_H_
#define SIGNET_SEAL_CLIENT_LOG_TILES_H_

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "common/bytes.h"
#include "crypto/merkle_tile.h"

namespace signet::sealclient {

// One thread at a time.
class LogTiles {
 public:
  explicit LogTiles(std::uint64_t size) : size_(size) {}  // of the tree, leaves

  // Gives the node, or an error after which missing() is the tile that it needs.
  crypto::TreeResult<crypto::TreeHash> node(const crypto::TreeNode& node);

  const std::optional<crypto::Tile>& missing() const { return missing_; }

  // The content of the missing tile; false where it is no such tile.
  bool add(ByteView content);

 private:
  const std::uint64_t size_;
  std::map<std::pair<unsigned, std::uint64_t>, std::vector<crypto::TreeHash>> tiles_;
  std::optional<crypto::Tile> missing_;
};

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_LOG_TILES_H_
