// A database that many threads use: one writer with group commit, and as many readers as read at once.
#ifndef SIGNET_STORAGE_STORE_H_
#define SIGNET_STORAGE_STORE_H_

#include <exception>
#include <filesystem>
#include <memory>
#include <optional>
#include <semaphore>
#include <span>
#include <thread>
#include <vector>

#include "common/checkout_pool.h"
#include "common/mutex.h"
#include "storage/database.h"

namespace signet::storage {

// Thread-safe. Other processes may use the file at the same time.
class Store {
 public:
  // The file must exist, or is made where there are `migrations` (see Database::migrate()).
  static Result<std::unique_ptr<Store>, Error> open(const std::filesystem::path& file,
                                                    std::span<const char* const> migrations);
  Store(const Store&) = delete;
  Store& operator=(const Store&) = delete;
  ~Store();

  // `code(database)` in a transaction; its value comes back once that is on disk. All writes go through one thread, which
  // puts whatever waits into one transaction, so that one sync of the disk carries many acknowledgements. A value that is
  // a Result with an error undoes its own part alone; so does an exception, which comes back here. An Error: nothing of
  // this part is in the database.
  template <typename Code>
  ResultOf<Code> write(Code code) {
    return value_through([this](const Work& work) { return submit(work); }, code);
  }

  // Opens what so many threads need to read at once, so that no descriptor is wanting later.
  Result<void, Error> prepare_readers(unsigned threads);

  // `code(database)` over one consistent state.
  template <typename Code>
  ResultOf<Code> read(Code code) {
    BOOST_OUTCOME_TRY(const auto reader, take_reader());
    return reader->read(std::move(code));
  }

 private:
  struct Job {
    const Work& work;
    std::exception_ptr exception;
    std::optional<Error> error;
    std::binary_semaphore done{0};
  };

  Store(std::filesystem::path file, std::unique_ptr<Database> writer);

  Result<void, Error> submit(const Work& work);
  void serve();
  void commit(const std::vector<Job*>& jobs);
  Result<void, Error> attempt(Job& job);
  Result<CheckoutPool<Database>::Loan, Error> take_reader();

  const std::filesystem::path file_;
  const std::unique_ptr<Database> writer_;  // of the thread alone

  CheckoutPool<Database> readers_;

  Mutex mutex_;
  Condition wake_;
  std::vector<Job*> waiting_ SIGNET_GUARDED_BY(mutex_);
  bool ending_ SIGNET_GUARDED_BY(mutex_) = false;
  std::thread thread_;
};

}  // namespace signet::storage

#endif  // SIGNET_STORAGE_STORE_H_
