// All writes of a process go through one thread, which puts whatever waits into one transaction:
// one sync of the disk carries many acknowledgements (group commit).
#ifndef SIGNET_SOFTHSM_BACKEND_COMMIT_QUEUE_H_
#define SIGNET_SOFTHSM_BACKEND_COMMIT_QUEUE_H_

#include <condition_variable>
#include <exception>
#include <filesystem>
#include <functional>
#include <mutex>
#include <optional>
#include <semaphore>
#include <thread>
#include <type_traits>
#include <utility>
#include <vector>

#include "softhsm-backend/database.h"

namespace signet::emulator {

// Thread-safe.
class CommitQueue {
 public:
  explicit CommitQueue(const std::filesystem::path& file);
  CommitQueue(const CommitQueue&) = delete;
  CommitQueue& operator=(const CommitQueue&) = delete;
  ~CommitQueue();

  // Runs `work(database)` in a transaction and returns its value once that is on disk. An exception
  // of `work` undoes its part alone and comes back here; DatabaseError also where the commit
  // failed.
  template <typename Work>
  auto run(Work work) {
    using Value = std::invoke_result_t<Work&, Database&>;
    if constexpr (std::is_void_v<Value>) {
      submit([&](Database& database) { work(database); });
    } else {
      std::optional<Value> value;
      submit([&](Database& database) { value.emplace(work(database)); });
      return std::move(value).value();
    }
  }

 private:
  struct Job {
    const std::function<void(Database&)>* work;
    std::exception_ptr error;
    std::binary_semaphore done{0};
  };

  void submit(const std::function<void(Database&)>& work);
  void serve();
  void commit(const std::vector<Job*>& jobs);
  void attempt(Job& job);

  Database database_;
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<Job*> waiting_;
  bool ending_ = false;
  std::thread thread_;
};

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_COMMIT_QUEUE_H_
