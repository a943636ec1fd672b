// All writes to the database: groups of them are committed together, and with them the events that they add to the
// register, the tree that grows by these, and its checkpoint.
//
// A write is acknowledged once all of that is durable. Several processes may share a database: the lock on its table `log`
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
#include <thread>
#include <type_traits>
#include <vector>

#include "common/mutex.h"
#include "crypto/merkle.h"
#include "seal-server/register/kept_checkpoint.h"
#include "seal-server/register/log_key.h"
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

  Receipt add(const Event& event);

 private:
  friend class Sequencer;

  Group(storage::SqlConnection& sql, std::string time, crypto::TreeEdge edge)
      : sql_(sql), time_(std::move(time)), edge_(std::move(edge)) {}

  storage::SqlConnection& sql_;
  const std::string time_;
  crypto::TreeEdge edge_;
};

class Sequencer {
 public:
  struct Options {
    std::string database;                   // SqlConnection::open()
    std::filesystem::path checkpoint_file;  // the newest checkpoint, kept outside the database
    std::function<std::chrono::system_clock::time_point()> now = std::chrono::system_clock::now;
    // Reads the log's key again, after it was replaced; null: the sequencer then writes nothing more.
    std::function<LogKey()> read_key = nullptr;
  };

  // Makes or migrates the tables. Throws std::runtime_error with a sentence: where the database cannot be opened, is of
  // another log, or does not continue the tree of the checkpoint in the file (a restored backup does not).
  Sequencer(LogKey key, Options options);
  Sequencer(const Sequencer&) = delete;
  Sequencer& operator=(const Sequencer&) = delete;
  ~Sequencer();

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
    std::binary_semaphore done{0};
  };

  void prepare();
  void follow_key();
  void check_kept_checkpoint();
  void submit(const Job& job);
  void serve();
  void commit(const std::vector<Waiting*>& jobs);
  void extend(const std::vector<Waiting*>& jobs);
  crypto::TreeEdge edge();
  void keep_checkpoint(const std::string& note);

  LogKey key_;  // of the thread, likewise
  const Options options_;
  LogHistory history_;
  const KeptCheckpoint kept_;
  // Of the thread alone, from the constructor's end on.
  const std::unique_ptr<storage::SqlConnection> sql_;
  crypto::TreeEdge edge_;  // as it was after the last commit of this process
  bool connected_ = true;

  Mutex mutex_;
  Condition wake_;
  std::vector<Waiting*> waiting_ SIGNET_GUARDED_BY(mutex_);
  bool ending_ SIGNET_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_REGISTER_SEQUENCER_H_
