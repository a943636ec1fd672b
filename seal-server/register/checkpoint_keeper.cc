#include "seal-server/register/checkpoint_keeper.h"

#include <utility>

#include "common/log.h"

namespace signet::sealserver {

CheckpointKeeper::CheckpointKeeper(std::filesystem::path file)
    : kept_(std::move(file)), thread_([this] { serve(); }) {}

CheckpointKeeper::~CheckpointKeeper() {
  {
    const MutexLock lock(mutex_);
    ending_ = true;
  }
  wake_.notify_one();
  thread_.join();
}

void CheckpointKeeper::keep(const LogHistory& log, std::string note, std::uint64_t size) {
  {
    const MutexLock lock(mutex_);
    newest_.emplace(Newest{.log = log, .note = std::move(note), .size = size});
  }
  wake_.notify_one();
}

void CheckpointKeeper::serve() {
  MutexLock lock(mutex_);
  while (true) {
    while (!ending_ && !newest_) wake_.wait(mutex_);
    if (!newest_) return;
    const Newest newest = *std::exchange(newest_, std::nullopt);
    lock.unlock();
    write(newest);
    lock.lock();
  }
}

void CheckpointKeeper::write(const Newest& newest) const {
  try {
    kept_.keep(newest.log, newest.note, newest.size);
  } catch (const std::exception& error) {
    log::error("the newest checkpoint is not kept: {}", error.what());
  }
}

}  // namespace signet::sealserver
