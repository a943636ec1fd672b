#include "seal-server/register/audit.h"

#include <boost/json.hpp>
#include <limits>
#include <map>
#include <utility>
#include <vector>

#include "crypto/base64.h"
#include "crypto/openssl.h"
#include "seal-server/register/event_row.h"
#include "seal-server/register/log_history.h"
#include "seal-server/register/time_stamps.h"
#include "seal-server/register/tree_store.h"

namespace signet::sealserver {

namespace {

constexpr std::int64_t kEventsAtOnce = 10'000;

// The reason why the audit ends.
struct Fault {
  std::string sentence;
};

std::string checkpoint_name(std::int64_t size) {
  return "The checkpoint of size " + std::to_string(size);
}

std::string time_stamp_name(std::int64_t size) {
  return "The time-stamp over the checkpoint of size " + std::to_string(size);
}

// What an event of the register's own says; nothing for what it does not say.
class OwnContent {
 public:
  explicit OwnContent(const std::string& content) {
    boost::system::error_code error;
    value_ = boost::json::parse(content, error);
  }

  std::string text(std::string_view name) const {
    const auto* const found = member(name);
    const auto* const text = found == nullptr ? nullptr : found->if_string();
    return text == nullptr ? std::string() : std::string(*text);
  }
  std::int64_t number(std::string_view name) const {
    const auto* const found = member(name);
    return found != nullptr && found->is_int64() ? found->get_int64() : -1;
  }

 private:
  const boost::json::value* member(std::string_view name) const {
    const auto* const object = value_.if_object();
    return object == nullptr ? nullptr : object->if_contains(name);
  }

  boost::json::value value_;
};

class Auditor {
 public:
  Auditor(storage::SqlConnection& sql, const LogIdentity& log,
          std::optional<crypto::TreeState> kept)
      : sql_(sql), log_(LogHistory::read(sql, log)), kept_(std::move(kept)) {}

  Audit audit() {
    try {
      read_checkpoints();
      read_time_stamps();
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
    std::int64_t before = 0;
    for (const auto& row :
         sql_.query("SELECT size, note, previous FROM checkpoint ORDER BY size")) {
      const auto tree = log_.open(row.text(1));
      const std::string name = checkpoint_name(row.number(0));
      if (!tree) throw Fault{name + " is not signed by the log's key."};
      if (std::int64_t(tree->size) != row.number(0))
        throw Fault{name + " is one of size " + std::to_string(tree->size) + "."};
      const std::int64_t previous = row.number(2);
      if (previous > before)
        throw Fault{checkpoint_name(previous) + " is missing before that of size " +
                    std::to_string(row.number(0)) + "."};
      if (previous < before)
        throw Fault{name + " does not follow that of size " + std::to_string(before) + "."};
      before = row.number(0);
      checkpoints_.push_back(*tree);
    }
  }

  void read_time_stamps() {
    for (const auto& row : sql_.query("SELECT size, made_at, token FROM time_stamp")) {
      const auto token = crypto::from_base64(row.text(2));
      if (!token) throw Fault{time_stamp_name(row.number(0)) + " is not what was stored."};
      time_stamps_[row.number(0)] = {.token = to_hex(crypto::sha256(*token)),
                                     .made_at = row.text(1)};
    }
  }

  // Others look at the events of one page by themselves while this thread reads the next one.
  void check_events() {
    std::vector<storage::SqlRow> rows = read_events(std::numeric_limits<std::int64_t>::min());
    while (!rows.empty()) {
      auto looked_at = look_at_events(rows);
      std::vector<storage::SqlRow> next = read_events(rows.back().number(0) + 1);
      std::size_t place = 0;
      for (auto& part : looked_at)
        for (const EventRow& event : part.get()) check_event(rows[place++], event);
      rows = std::move(next);
    }
  }

  std::vector<storage::SqlRow> read_events(std::int64_t from) {
    return sql_.query(
        "SELECT sequence, content, random, entry, leaf, client, seal FROM event"
        " WHERE sequence >= :next ORDER BY sequence LIMIT :most",
        {from, kEventsAtOnce});
  }

  void check_event(const storage::SqlRow& row, const EventRow& event) {
    const std::string name = "Event " + std::to_string(edge_.size());
    if (row.number(0) < 0)
      throw Fault{"Event " + std::to_string(row.number(0)) + " has no place in the tree."};
    if (std::uint64_t(row.number(0)) != edge_.size()) throw Fault{name + " is missing."};
    if (!event.entry || event.entry->sequence != edge_.size())
      throw Fault{name + " has an entry that is not its own."};
    if (!event.fault.empty()) throw Fault{name + event.fault};
    if (event.is_thinned) {
      ++audit_.thinned;
    } else {
      check_own_kinds(row.text(1), *event.entry, name);
    }
    if (!event.is_leaf) throw Fault{name + " is not the leaf of its entry."};
    edge_.append(event.leaf, [this](const crypto::TreeNode& node, const crypto::TreeHash& hash) {
      check_node(node, hash);
    });
    ++audit_.events;
    check_checkpoint();
  }

  void check_own_kinds(const std::string& content, const Entry& entry, const std::string& name) {
    if (entry.kind == kTimeStamped) check_time_stamp(content, entry.time);
    if (entry.kind == kNewLogKey || entry.kind == kRecovered) check_new_key(content, entry, name);
  }

  // The former key signs the event that names the next one, where it could.
  void check_new_key(const std::string& content, const Entry& entry, const std::string& name) {
    const std::uint64_t size = entry.kind == kNewLogKey ? entry.sequence + 1 : entry.sequence;
    const auto& former = log_.former();
    if (known_keys_ == former.size() || former[known_keys_].size != size)
      throw Fault{name + " names a key of the log that signs nothing."};
    ++known_keys_;
    const LogIdentity& next = known_keys_ == former.size() ? log_.now() : former[known_keys_].log;
    if (OwnContent(content).text("verifier") != verifier_key(next))
      throw Fault{name + " names another key of the log than signs after it."};
  }

  void check_time_stamp(const std::string& content, const std::string& time) {
    const OwnContent event(content);
    const std::int64_t size = event.number("size");
    const std::string name = time_stamp_name(size);
    const auto found = time_stamps_.find(size);
    if (found == time_stamps_.end()) throw Fault{name + " is missing."};
    const auto notes = sql_.query("SELECT note FROM checkpoint WHERE size = :size", {size});
    if (notes.empty()) throw Fault{checkpoint_name(size) + " is missing, which was time-stamped."};
    if (event.text("checkpoint") != to_hex(crypto::sha256(view_of(notes.front().text(0)))))
      throw Fault{checkpoint_name(size) + " is not the one that was time-stamped."};
    if (event.text("token") != found->second.token || found->second.made_at != time)
      throw Fault{name + " is not what was stored."};
    time_stamps_.erase(found);
    ++audit_.time_stamps;
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
      throw Fault{
          checkpoint_name(static_cast<std::int64_t>(checkpoints_[audit_.checkpoints].size)) +
          " is of more than the " + events + " that are there, or of none."};
    }
    if (audit_.events > 0 && (checkpoints_.empty() || checkpoints_.back().size != audit_.events))
      throw Fault{"No checkpoint is of all " + events + "."};
    if (kept_) {
      throw Fault{"The checkpoint from elsewhere is of size " + std::to_string(kept_->size) +
                  ", and the register has " + events + "."};
    }
    if (known_keys_ != log_.former().size())
      throw Fault{"The log's key was replaced at size " +
                  std::to_string(log_.former()[known_keys_].size) +
                  ", and no event names the next."};
    if (!time_stamps_.empty())
      throw Fault{time_stamp_name(time_stamps_.begin()->first) + " is one that no event notes."};
    check_surplus_nodes();
  }

  // All that should be there are; only ones beside them can make a difference.
  void check_surplus_nodes() const {
    const auto nodes = sql_.query("SELECT count(*) FROM node").front().number(0);
    if (std::uint64_t(nodes) == nodes_) return;
    for (const auto& row : sql_.query("SELECT level, count(*), max(position), min(position)"
                                      " FROM node GROUP BY level ORDER BY level")) {
      const auto level = row.number(0);
      const bool is_level = level >= 1 && level < std::int64_t{crypto::kTileLevels};
      const auto full =
          is_level ? audit_.events >> (crypto::kTileHeight * static_cast<unsigned>(level)) : 0;
      if (std::uint64_t(row.number(1)) == full) continue;
      const auto other = row.number(3) < 0 ? row.number(3) : row.number(2);
      throw Fault{"Hash " + std::to_string(other) + " of the tiles of level " +
                  std::to_string(level) + " belongs to no event."};
    }
  }

  struct TimeStampSum {
    std::string token;  // SHA-256 in hexadecimal
    std::string made_at;
  };

  storage::SqlConnection& sql_;
  const LogHistory log_;
  std::optional<crypto::TreeState> kept_;
  std::vector<crypto::TreeState> checkpoints_;
  std::map<std::int64_t, TimeStampSum> time_stamps_;  // those that no event has noted yet
  std::size_t known_keys_ = 0;                        // of the former ones: an event names the next
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
