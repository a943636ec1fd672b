// The register's tree in the database.
#ifndef SIGNET_SEAL_SERVER_REGISTER_TREE_STORE_H_
#define SIGNET_SEAL_SERVER_REGISTER_TREE_STORE_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "crypto/merkle_tile.h"
#include "storage/sql.h"

namespace signet::sealserver {

// Reads nodes within the caller's transaction, on `sql`, which outlives the reader. What the database does not have is the
// reader's error; what it cannot do throws SqlError.
crypto::NodeReader stored_nodes(storage::SqlConnection& sql);

// The hashes of a tile, in their order; fewer than its width where the database lacks some.
std::vector<crypto::TreeHash> stored_tile(storage::SqlConnection& sql, const crypto::Tile& tile);

// The entries of an entry bundle, likewise.
std::vector<std::string> stored_entries(storage::SqlConnection& sql, const crypto::Tile& tile);

// Keeps a node, where it is of a level that is kept and no leaf.
void store_node(storage::SqlConnection& sql, const crypto::TreeNode& node,
                const crypto::TreeHash& hash);

struct StoredCheckpoint {
  std::uint64_t size = 0;
  std::string note;
};

// Nothing in an empty log.
std::optional<StoredCheckpoint> newest_checkpoint(storage::SqlConnection& sql);

// Nothing where there is none of that size.
std::optional<StoredCheckpoint> checkpoint_of(storage::SqlConnection& sql, std::uint64_t size);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_TREE_STORE_H_
