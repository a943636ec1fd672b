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

}  // namespace

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
    : key_(std::move(key)),
      options_(std::move(options)),
      history_(identity_of(key_)),
      kept_(options_.checkpoint_file),
      sql_(storage::SqlConnection::open(options_.database)) {
  prepare();
  thread_ = std::thread([this] { serve(); });
}

Sequencer::~Sequencer() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void Sequencer::prepare() {
  sql_->migrate(schema());
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
    check_kept_checkpoint();
  });
}

// A database that lacks what was acknowledged would tell its clients another history.
void Sequencer::check_kept_checkpoint() {
  const auto kept = kept_.read(history_);
  const std::string name = kept_.file().string();
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
  Waiting waiting{.job = job};
  {
    const MutexLock lock(mutex_);
    waiting_.push_back(&waiting);
  }
  wake_.notify_one();
  waiting.done.acquire();
  if (waiting.failure) std::rethrow_exception(waiting.failure);
}

void Sequencer::serve() {
  MutexLock lock(mutex_);
  while (true) {
    while (!ending_ && waiting_.empty()) wake_.wait(mutex_);
    if (waiting_.empty()) return;
    const std::vector<Waiting*> jobs = std::exchange(waiting_, {});
    lock.unlock();
    commit(jobs);
    lock.lock();
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
  for (Waiting* waiting : jobs) {
    if (failure) waiting->failure = failure;
    waiting->done.release();
  }
}

void Sequencer::extend(const std::vector<Waiting*>& jobs) {
  std::string note;
  crypto::TreeEdge grown = sql_->exclusive("log", [&] {
    follow_key();
    Group group(*sql_, utc_text(options_.now()), edge());
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
    note = signed_checkpoint(key_, {group.edge_.size(), group.edge_.root()});
    sql_->run(
        "INSERT INTO checkpoint (size, note, previous) VALUES (:size, :note, :previous)",
        {static_cast<std::int64_t>(group.edge_.size()), note, static_cast<std::int64_t>(before)});
    return group.edge_;
  });
  edge_ = std::move(grown);
  if (!note.empty()) keep_checkpoint(note);
}

// The file may lag behind the database, which is durable already; it never runs ahead.
void Sequencer::keep_checkpoint(const std::string& note) {
  try {
    kept_.keep(history_, note, edge_.size());
  } catch (const std::exception& error) {
    log::error("the newest checkpoint is not kept: {}", error.what());
  }
}

}  // namespace signet::sealserver
