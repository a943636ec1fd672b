#include "seal-server/register/audit.h"

#include <vector>

#include "seal-server/register/entry.h"
#include "seal-server/register/tree_store.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kEventsAtOnce = 10'000;

// The reason why the audit ends.
struct Fault {
  std::string sentence;
};

class Auditor {
 public:
  Auditor(storage::SqlConnection& sql, LogIdentity log, std::optional<crypto::TreeState> kept)
      : sql_(sql), log_(std::move(log)), kept_(std::move(kept)) {}

  Audit audit() {
    try {
      read_checkpoints();
      if (kept_ && kept_->size == 0) kept_.reset();  // every register continues it
      check_events();
      check_end();
    } catch (const Fault& fault) {
      audit_.fault = fault.sentence;
    }
    return audit_;
  }

 private:
  void read_checkpoints() {
    for (const auto& row : sql_.query("SELECT size, note FROM checkpoint ORDER BY size")) {
      const auto tree = open_checkpoint(log_, row.text(1));
      const std::string name = "The checkpoint of size " + std::to_string(row.number(0));
      if (!tree) throw Fault{name + " is not signed by the log's key."};
      if (std::int64_t(tree->size) != row.number(0))
        throw Fault{name + " is one of size " + std::to_string(tree->size) + "."};
      checkpoints_.push_back(*tree);
    }
  }

  void check_events() {
    std::int64_t next = 0;
    while (true) {
      const auto rows = sql_.query(
          "SELECT sequence, content, random, entry, leaf FROM event WHERE sequence >= :next"
          " ORDER BY sequence LIMIT :most",
          {next, kEventsAtOnce});
      for (const auto& row : rows) check_event(row);
      if (rows.empty()) return;
      next = rows.back().number(0) + 1;
    }
  }

  void check_event(const storage::SqlRow& row) {
    const std::string name = "Event " + std::to_string(edge_.size());
    if (std::uint64_t(row.number(0)) != edge_.size()) throw Fault{name + " is missing."};
    const auto entry = entry_of(row.text(3));
    if (!entry || entry->sequence != edge_.size())
      throw Fault{name + " has an entry that is not its own."};
    if (row.is_null(1) != row.is_null(2))
      throw Fault{name + " has lost its content or its random octets."};
    if (row.is_null(1)) {
      ++audit_.thinned;
    } else {
      const auto random = from_hex(row.text(2));
      if (!random || random->size() != kEntryRandom ||
          commitment(*random, row.text(1)) != entry->content)
        throw Fault{name + " has another content than its entry says."};
    }
    const crypto::TreeHash leaf = crypto::leaf_hash(view_of(row.text(3)));
    if (row.text(4) != to_hex(leaf)) throw Fault{name + " is not the leaf of its entry."};
    edge_.append(leaf, [this](const crypto::TreeNode& node, const crypto::TreeHash& hash) {
      check_node(node, hash);
    });
    ++audit_.events;
    check_checkpoint();
  }

  void check_node(const crypto::TreeNode& node, const crypto::TreeHash& hash) {
    if (node.level == 0 || node.level % crypto::kTileHeight != 0) return;
    ++nodes_;
    const auto level = std::int64_t{node.level / crypto::kTileHeight};
    const auto rows =
        sql_.query("SELECT hash FROM node WHERE level = :level AND position = :position",
                   {level, static_cast<std::int64_t>(node.index)});
    if (!rows.empty() && rows.front().text(0) == to_hex(hash)) return;
    throw Fault{"Hash " + std::to_string(node.index) + " of the tiles of level " +
                std::to_string(level) + (rows.empty() ? " is missing." : " is wrong.")};
  }

  // After each event: what is said of a tree of this size.
  void check_checkpoint() {
    const std::string size = std::to_string(edge_.size());
    if (kept_ && kept_->size == edge_.size()) {
      if (kept_->root != edge_.root())
        throw Fault{"The register does not continue the checkpoint from elsewhere, of size " +
                    size + "."};
      kept_.reset();
    }
    if (audit_.checkpoints == checkpoints_.size()) return;
    const crypto::TreeState& next = checkpoints_[audit_.checkpoints];
    if (next.size != edge_.size()) return;
    if (next.root != edge_.root())
      throw Fault{"The checkpoint of size " + size + " is not that of the events before it."};
    ++audit_.checkpoints;
  }

  void check_end() const {
    const std::string events = std::to_string(audit_.events) + " events";
    if (audit_.checkpoints < checkpoints_.size()) {
      throw Fault{"The checkpoint of size " +
                  std::to_string(checkpoints_[audit_.checkpoints].size) + " is of more than the " +
                  events + " that are there, or of none."};
    }
    if (audit_.events > 0 && (checkpoints_.empty() || checkpoints_.back().size != audit_.events))
      throw Fault{"No checkpoint is of all " + events + "."};
    if (kept_) {
      throw Fault{"The checkpoint from elsewhere is of size " + std::to_string(kept_->size) +
                  ", and the register has " + events + "."};
    }
    const auto nodes = sql_.query("SELECT count(*) FROM node").front().number(0);
    if (std::uint64_t(nodes) != nodes_)
      throw Fault{"There are hashes of tiles that belong to no event."};
  }

  storage::SqlConnection& sql_;
  const LogIdentity log_;
  std::optional<crypto::TreeState> kept_;
  std::vector<crypto::TreeState> checkpoints_;
  crypto::TreeEdge edge_;
  std::uint64_t nodes_ = 0;
  Audit audit_;
};

}  // namespace

Audit audit_register(storage::SqlConnection& sql, const LogIdentity& log,
                     const std::optional<crypto::TreeState>& kept) {
  return sql.snapshot([&] { return Auditor(sql, log, kept).audit(); });
}

}  // namespace signet::sealserver
