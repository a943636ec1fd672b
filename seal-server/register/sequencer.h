// All writes to the database: groups of them are committed together, and with them the events that they add to the
// register, the tree that grows by these, and its checkpoint.
//
// A write is acknowledged once all of that is durable. There is no thread of its own for it: one of those who wait commits the
// group for all of them, so that a single writer waits for nobody. Several processes may share a database: the lock on its table `log`
// lets one of them extend the tree at a time.
#ifndef SIGNET_SEAL_SERVER_REGISTER_SEQUENCER_H_
#define SIGNET_SEAL_SERVER_REGISTER_SEQUENCER_H_

#include <chrono>
#include <exception>
#include <filesystem>
#include <functional>
#include <memory>
#include <optional>
#include <semaphore>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "common/mutex.h"
#include "crypto/merkle.h"
#include "seal-server/register/checkpoint_keeper.h"
#include "seal-server/register/log_key.h"
#include "seal-server/register/outside_file.h"
#include "storage/sql.h"

namespace signet::sealserver {

// What the register says of one event; the client that caused it gets all of it.
struct Receipt {
  std::uint64_t sequence = 0;
  Bytes random;       // kEntryRandom octets
  std::string entry;  // entry_text()
};

// What happened, for the register.
struct Event {
  std::string kind;     // see Entry::kind
  std::string client;   // id; empty: none
  std::string seal;     // id of the transaction; empty: none
  std::string content;  // JSON text
};

// The group of writes that is being made.
class Group {
 public:
  storage::SqlConnection& sql() { return sql_; }

  // Of this group, the same for all its events: RFC 3339 in UTC.
  const std::string& time() const { return time_; }

  // So long after it, in the same form.
  std::string later(std::chrono::seconds span) const;

  Receipt add(const Event& event);

  // Also into the file outside the database, where there is one; durable at the return. What is kept so and then not
  // committed stays there, so this is for what may be applied once too often.
  void keep_outside(std::string_view line) { outside_.append(line); }

 private:
  friend class Sequencer;

  Group(storage::SqlConnection& sql, std::chrono::system_clock::time_point now,
        crypto::TreeEdge edge, const OutsideFile& outside);

  storage::SqlConnection& sql_;
  const std::chrono::system_clock::time_point now_;
  const std::string time_;
  crypto::TreeEdge edge_;
  const OutsideFile& outside_;
};

class Sequencer {
 public:
  struct Options {
    std::string database;  // SqlConnection::open()
    // The newest checkpoint, kept outside the database: soon after its group, and at the destructor's end.
    std::filesystem::path checkpoint_file;
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
    // Reads the log's key again, after it was replaced; null: the sequencer then writes nothing more.
    std::function<LogKey()> read_key = nullptr;
    std::filesystem::path outside_file = {};  // for Group::keep_outside(); empty: none
  };

  // Makes or migrates the tables. Throws std::runtime_error with a sentence: where the database cannot be opened, is of
  // another log, or does not continue the tree of the checkpoint in the file (a restored backup does not).
  Sequencer(LogKey key, Options options);
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;
  ~Sequencer() = default;

  // The value of `work(group)`, once that is durable. Thread-safe; waits. What `work` throws undoes its own part alone and
  // comes back here. SqlError: nothing of it was done, or, where the connection was lost, it may have been; so a write
  // finds out by itself whether it was made before.
  template <typename Work>
  auto write(Work work) {
    using Value = std::invoke_result_t<Work&, Group&>;
    if constexpr (std::is_void_v<Value>) {
      submit([&](Group& group) { work(group); });
    } else {
      std::optional<Value> value;
      submit([&](Group& group) { value.emplace(work(group)); });
      return *std::move(value);
    }
  }

 private:
  using Job = std::function<void(Group&)>;
  struct Waiting {
    const Job& job;
    std::exception_ptr failure = nullptr;
    bool done = false;
    std::binary_semaphore turn{0};  // it is done, or commits the next group
  };

  void prepare();
  void follow_key();
  void check_kept_checkpoint(const KeptCheckpoint& file);
  void submit(const Job& job);
  void commit_group();
  void commit(const std::vector<Waiting*>& jobs);
  void extend(const std::vector<Waiting*>& jobs);
  crypto::TreeEdge edge();

  const Options options_;
  const OutsideFile outside_;
  // Of whoever commits a group, one writer after the other.
  LogKey key_;
  LogHistory history_;
  const std::unique_ptr<storage::SqlConnection> sql_;
  crypto::TreeEdge edge_;  // as it was after the last commit of this process
  bool connected_ = true;

  CheckpointKeeper keeper_;
  Mutex mutex_;
  std::vector<Waiting*> waiting_ SIGNET_GUARDED_BY(mutex_);
  bool committing_ SIGNET_GUARDED_BY(mutex_) = false;  // somebody does, or was told to
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_SEQUENCER_H_
