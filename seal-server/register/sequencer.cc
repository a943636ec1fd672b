#include "seal-server/register/sequencer.h"

#include <stdexcept>
#include <utility>

#include "common/clock.h"
#include "common/log.h"
#include "crypto/context.h"
#include "seal-server/register/entry.h"
#include "seal-server/register/log_history.h"
#include "seal-server/register/tree_store.h"
#include "seal-server/store/schema.h"

namespace signet::sealserver {

namespace {

storage::SqlValue text_or_null(const std::string& text) {
  if (text.empty()) return std::monostate();
  return text;
}

template <typename T>
T value_or_throw(crypto::TreeResult<T> result) {
  if (!result) throw std::runtime_error(result.assume_error());
  return std::move(result).assume_value();
}

// A log that is not empty has such a file: others who start meanwhile look for it.
void keep_first(const std::filesystem::path& file, const LogHistory& history,
                const std::string& note) {
  try {
    KeptCheckpoint(file).keep(history, note, 0);
  } catch (const std::exception& error) {
    log::error("the first checkpoint is not kept: {}", error.what());
  }
}

}  // namespace

Group::Group(storage::SqlConnection& sql, std::chrono::system_clock::time_point now,
             crypto::TreeEdge edge, const OutsideFile& outside)
    : sql_(sql), now_(now), time_(utc_text(now)), edge_(std::move(edge)), outside_(outside) {}

std::string Group::later(std::chrono::seconds span) const {
  return utc_text(now_ + span);
}

Receipt Group::add(const Event& event) {
  Receipt receipt{.sequence = edge_.size(), .random = Bytes(kEntryRandom), .entry = {}};
  if (!crypto::random_bytes(receipt.random)) throw std::runtime_error("There is no randomness.");
  receipt.entry = entry_text({.sequence = receipt.sequence,
                              .time = time_,
                              .kind = event.kind,
                              .content = commitment(receipt.random, event.content)});
  const crypto::TreeHash leaf = crypto::leaf_hash(view_of(receipt.entry));
  sql_.run(
      "INSERT INTO event (sequence, client, seal, content, random, entry, leaf)"
      " VALUES (:sequence, :client, :seal, :content, :random, :entry, :leaf)",
      {static_cast<std::int64_t>(receipt.sequence), text_or_null(event.client),
       text_or_null(event.seal), event.content, to_hex(receipt.random), receipt.entry,
       to_hex(leaf)});
  edge_.append(leaf, [this](const crypto::TreeNode& node, const crypto::TreeHash& hash) {
    store_node(sql_, node, hash);
  });
  return receipt;
}

Sequencer::Sequencer(LogKey key, Options options)
    : options_(std::move(options)),
      outside_(options_.outside_file),
      key_(std::move(key)),
      history_(identity_of(key_)),
      sql_(storage::SqlConnection::open(options_.database)),
      keeper_(options_.checkpoint_file) {
  prepare();
}

void Sequencer::prepare() {
  sql_->migrate(schema(sql_->product()));
  const LogIdentity log = identity_of(key_);
  sql_->exclusive("log", [&] {
    const auto stored = stored_log(*sql_);
    if (!stored) {
      sql_->run("INSERT INTO log (id, origin, public_key) VALUES (0, :origin, :public_key)",
                {log.origin, to_hex(log.public_key)});
    } else if (*stored != log) {
      throw std::runtime_error("The database is that of another log, " + stored->origin +
                               ", or its key is another one.");
    }
    history_ = LogHistory::read(*sql_, log);
    edge_ = edge();
    check_kept_checkpoint(KeptCheckpoint(options_.checkpoint_file));
  });
}

// A database that lacks what was acknowledged would tell its clients another history.
void Sequencer::check_kept_checkpoint(const KeptCheckpoint& file) {
  const auto kept = file.read(history_);
  const std::string name = file.file().string();
  if (!kept) {
    if (edge_.size() == 0) return;
    throw std::runtime_error("The file " + name +
                             " with the newest checkpoint is missing, and the log is not empty.");
  }
  const bool continues =
      kept->size <= edge_.size() &&
      value_or_throw(crypto::tree_root(kept->size, stored_nodes(*sql_))) == kept->root;
  if (continues) return;
  throw std::runtime_error("The database does not continue the log of the checkpoint in " + name +
                           ": " + std::to_string(edge_.size()) + " events are there, and " +
                           std::to_string(kept->size) + " were acknowledged.");
}

// Another process may have replaced the log's key.
void Sequencer::follow_key() {
  const auto stored = stored_log(*sql_);
  if (stored == identity_of(key_)) return;
  if (options_.read_key) {
    LogKey key = options_.read_key();
    if (stored == identity_of(key)) {
      key_ = std::move(key);
      history_ = LogHistory::read(*sql_, identity_of(key_));
      return;
    }
  }
  throw storage::SqlError("the log's key was replaced, and this process has the former one", false);
}

// Another process may have extended the tree.
crypto::TreeEdge Sequencer::edge() {
  const auto newest = newest_checkpoint(*sql_);
  const std::uint64_t size = newest ? newest->size : 0;
  if (size == edge_.size()) return edge_;
  auto edge = value_or_throw(crypto::TreeEdge::of_tree(size, stored_nodes(*sql_)));
  const auto said = history_.open(newest->note);
  if (!said || *said != crypto::TreeState{size, edge.root()})
    throw std::runtime_error("The newest checkpoint is not that of the events in the database.");
  return edge;
}

void Sequencer::submit(const Job& job) {
  Waiting own{.job = job};
  bool commits = false;
  {
    const MutexLock lock(mutex_);
    waiting_.push_back(&own);
    commits = !std::exchange(committing_, true);
  }
  if (!commits) {
    own.turn.acquire();
    commits = !own.done;
  }
  if (commits) commit_group();
  if (own.failure) std::rethrow_exception(own.failure);
}

// That of the caller and of all others who wait; the first one of those who came meanwhile commits the next one.
void Sequencer::commit_group() {
  std::vector<Waiting*> jobs;
  {
    const MutexLock lock(mutex_);
    jobs.swap(waiting_);
  }
  commit(jobs);
  Waiting* next = nullptr;
  {
    const MutexLock lock(mutex_);
    if (!waiting_.empty()) next = waiting_.front();
    committing_ = next != nullptr;
  }
  if (next != nullptr) next->turn.release();
  // The caller is one of them, and waits for nothing. The others may be gone once they know.
  for (Waiting* waiting : jobs) {
    waiting->done = true;
    waiting->turn.release();
  }
}

void Sequencer::commit(const std::vector<Waiting*>& jobs) {
  std::exception_ptr failure;
  try {
    if (!connected_) sql_->reconnect();
    connected_ = true;
    extend(jobs);
  } catch (const storage::SqlError& error) {
    connected_ = !error.disconnected();
    failure = std::current_exception();
    log::error("{} writes were not made: {}", jobs.size(), error.what());
  } catch (...) {
    failure = std::current_exception();
  }
  if (!failure) return;
  for (Waiting* waiting : jobs) waiting->failure = failure;
}

void Sequencer::extend(const std::vector<Waiting*>& jobs) {
  std::string note;
  bool is_first = false;
  crypto::TreeEdge grown = sql_->exclusive("log", [&] {
    follow_key();
    Group group(*sql_, options_.now(), edge(), outside_);
    const std::uint64_t before = group.edge_.size();
    for (Waiting* waiting : jobs) {
      const crypto::TreeEdge mark = group.edge_;
      try {
        sql_->part([&] { waiting->job(group); });
      } catch (const storage::SqlTransactionEnded&) {
        throw;
      } catch (...) {
        group.edge_ = mark;
        waiting->failure = std::current_exception();
      }
    }
    if (group.edge_.size() == before) return group.edge_;
    is_first = before == 0;
    note = signed_checkpoint(key_, {group.edge_.size(), group.edge_.root()});
    sql_->run(
        "INSERT INTO checkpoint (size, note, previous) VALUES (:size, :note, :previous)",
        {static_cast<std::int64_t>(group.edge_.size()), note, static_cast<std::int64_t>(before)});
    return group.edge_;
  });
  edge_ = std::move(grown);
  if (note.empty()) return;
  if (is_first) keep_first(options_.checkpoint_file, history_, note);
  keeper_.keep(history_, std::move(note), edge_.size());
}

}  // namespace signet::sealserver
