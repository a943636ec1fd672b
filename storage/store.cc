#include "storage/store.h"

namespace signet::storage {

Result<std::unique_ptr<Store>, Error> Store::open(const std::filesystem::path& file,
                                                  std::span<const char* const> migrations) {
  const auto mode = migrations.empty() ? Database::Mode::open : Database::Mode::create;
  BOOST_OUTCOME_TRY(auto writer, Database::open(file, mode));
  if (!migrations.empty()) {
    BOOST_OUTCOME_TRY(writer->migrate(migrations));
  }
  return std::unique_ptr<Store>(new Store(file, std::move(writer)));
}

Store::Store(std::filesystem::path file, std::unique_ptr<Database> writer)
    : file_(std::move(file)), writer_(std::move(writer)), thread_([this] { serve(); }) {}

Store::~Store() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

Result<void, Error> Store::submit(const Work& work) {
  Job job{.work = work, .exception = nullptr, .error = {}};
  {
    const MutexLock lock(mutex_);
    waiting_.push_back(&job);
  }
  wake_.notify_one();
  job.done.acquire();
  if (job.exception) std::rethrow_exception(job.exception);
  if (job.error) return *std::move(job.error);
  return success();
}

void Store::serve() {
  MutexLock lock(mutex_);
  while (true) {
    while (!ending_ && waiting_.empty()) wake_.wait(mutex_);
    if (waiting_.empty()) return;
    const std::vector<Job*> jobs = std::exchange(waiting_, {});
    lock.unlock();
    commit(jobs);
    lock.lock();
  }
}

void Store::commit(const std::vector<Job*>& jobs) {
  const auto group = writer_->carry_out("BEGIN IMMEDIATE", [&](Database& database) {
    for (Job* job : jobs) {
      auto attempted = attempt(*job);
      if (attempted) continue;
      database.failure_ = std::move(attempted).assume_error();
      return false;
    }
    return true;
  });
  for (Job* job : jobs) {
    if (!group && !job->exception) job->error = group.assume_error();
    job->done.release();
  }
}

// An error ends the whole group.
Result<void, Error> Store::attempt(Job& job) {
  BOOST_OUTCOME_TRY(writer_->control("SAVEPOINT job"));
  bool keep = false;
  try {
    keep = job.work(*writer_);
  } catch (...) {
    job.exception = std::current_exception();
  }
  job.error = writer_->take_failure();
  // A full or broken disk has ended the transaction, and with it what the others wrote.
  if (job.error && !writer_->in_transaction()) return *job.error;
  if (!keep || job.error) {
    BOOST_OUTCOME_TRY(writer_->control("ROLLBACK TO job"));
  }
  return writer_->control("RELEASE job");
}

Result<void, Error> Store::prepare_readers(unsigned threads) {
  std::vector<CheckoutPool<Database>::Loan> all;
  while (all.size() < threads) {
    BOOST_OUTCOME_TRY(auto reader, take_reader());
    all.push_back(std::move(reader));
  }
  return success();
}

Result<CheckoutPool<Database>::Loan, Error> Store::take_reader() {
  if (auto free = readers_.take()) return free;
  BOOST_OUTCOME_TRY(auto opened, Database::open(file_, Database::Mode::query));
  return readers_.lend(std::move(opened));
}

}  // namespace signet::storage
