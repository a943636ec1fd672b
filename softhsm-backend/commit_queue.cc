#include "softhsm-backend/commit_queue.h"

namespace signet::emulator {

CommitQueue::CommitQueue(const std::filesystem::path& file)
    : database_(file, Database::Mode::open), thread_([this] { serve(); }) {}

CommitQueue::~CommitQueue() {
  {
    const std::lock_guard lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void CommitQueue::submit(const std::function<void(Database&)>& work) {
  Job job{.work = &work, .error = nullptr};
  {
    const std::lock_guard lock(mutex_);
    waiting_.push_back(&job);
  }
  wake_.notify_one();
  job.done.acquire();
  if (job.error) std::rethrow_exception(job.error);
}

void CommitQueue::serve() {
  std::unique_lock lock(mutex_);
  while (true) {
    wake_.wait(lock, [this] { return ending_ || !waiting_.empty(); });
    if (waiting_.empty()) return;
    const std::vector<Job*> jobs = std::exchange(waiting_, {});
    lock.unlock();
    commit(jobs);
    lock.lock();
  }
}

void CommitQueue::commit(const std::vector<Job*>& jobs) {
  try {
    database_.run("BEGIN IMMEDIATE");
    for (Job* job : jobs) attempt(*job);
    database_.run("COMMIT");
  } catch (...) {
    for (Job* job : jobs) job->error = std::current_exception();
    try {
      database_.run("ROLLBACK");
    } catch (const DatabaseError&) {  // SQLite has rolled back by itself already
    }
  }
  for (Job* job : jobs) job->done.release();
}

void CommitQueue::attempt(Job& job) {
  database_.run("SAVEPOINT job");
  try {
    (*job.work)(database_);
  } catch (...) {
    job.error = std::current_exception();
    database_.run("ROLLBACK TO job");
  }
  database_.run("RELEASE job");
}

}  // namespace signet::emulator
