#include "seal-server/register/tree_store.h"

#include "seal-server/register/tree_text.h"

namespace signet::sealserver {

namespace {

using crypto::TreeHash;
using crypto::TreeNode;
using crypto::TreeResult;

// Neighbouring hashes of a kept level.
std::vector<TreeHash> kept_hashes(storage::SqlConnection& sql, unsigned kept_level,
                                  std::uint64_t begin, std::uint64_t count) {
  const auto first = static_cast<std::int64_t>(begin);
  const auto end = static_cast<std::int64_t>(begin + count);
  const auto rows = kept_level == 0
                        ? sql.query(
                              "SELECT leaf FROM event WHERE sequence >= :first AND sequence < :last"
                              " ORDER BY sequence",
                              {first, end})
                        : sql.query(
                              "SELECT hash FROM node WHERE level = :level AND position >= :first"
                              " AND position < :last ORDER BY position",
                              {std::int64_t{kept_level}, first, end});
  std::vector<TreeHash> hashes;
  for (const storage::SqlRow& row : rows) {
    const auto hash = tree_hash_of(row.text(0));
    if (!hash) break;
    hashes.push_back(*hash);
  }
  return hashes;
}

}  // namespace

crypto::NodeReader stored_nodes(storage::SqlConnection& sql) {
  return [&sql](const TreeNode& node) -> TreeResult<TreeHash> {
    const unsigned above = node.level % crypto::kTileHeight;
    const std::uint64_t count = std::uint64_t{1} << above;
    auto hashes = kept_hashes(sql, node.level / crypto::kTileHeight, node.index << above, count);
    if (hashes.size() != count) return std::string("The database lacks a node of the tree.");
    while (hashes.size() > 1) {
      for (std::size_t i = 0; i < hashes.size() / 2; ++i)
        hashes[i] = crypto::node_hash(hashes[2 * i], hashes[2 * i + 1]);
      hashes.resize(hashes.size() / 2);
    }
    return hashes.front();
  };
}

std::vector<TreeHash> stored_tile(storage::SqlConnection& sql, const crypto::Tile& tile) {
  return kept_hashes(sql, tile.level, tile.index * crypto::kTileWidth, tile.width);
}

std::vector<std::string> stored_entries(storage::SqlConnection& sql, const crypto::Tile& tile) {
  const auto first = static_cast<std::int64_t>(tile.index * crypto::kTileWidth);
  const auto rows = sql.query(
      "SELECT entry FROM event WHERE sequence >= :first AND sequence < :last ORDER BY sequence",
      {first, first + std::int64_t{tile.width}});
  std::vector<std::string> entries;
  for (const storage::SqlRow& row : rows) entries.push_back(row.text(0));
  return entries;
}

void store_node(storage::SqlConnection& sql, const TreeNode& node, const TreeHash& hash) {
  if (node.level == 0 || node.level % crypto::kTileHeight != 0) return;
  sql.run("INSERT INTO node (level, position, hash) VALUES (:level, :position, :hash)",
          {std::int64_t{node.level / crypto::kTileHeight}, static_cast<std::int64_t>(node.index),
           to_hex(hash)});
}

std::optional<StoredCheckpoint> newest_checkpoint(storage::SqlConnection& sql) {
  const auto rows = sql.query("SELECT size, note FROM checkpoint ORDER BY size DESC LIMIT 1");
  if (rows.empty()) return std::nullopt;
  return StoredCheckpoint{static_cast<std::uint64_t>(rows.front().number(0)), rows.front().text(1)};
}

std::optional<StoredCheckpoint> checkpoint_of(storage::SqlConnection& sql, std::uint64_t size) {
  const auto rows = sql.query("SELECT note FROM checkpoint WHERE size = :size",
                              {static_cast<std::int64_t>(size)});
  if (rows.empty()) return std::nullopt;
  return StoredCheckpoint{size, rows.front().text(0)};
}

}  // namespace signet::sealserver
