#include "common/mutex.h"

#include <gtest/gtest.h>

#include <thread>

namespace signet {
namespace {

using namespace std::chrono_literals;

bool is_free(Mutex& mutex) {
  if (!mutex.try_lock()) return false;
  const MutexLock adopted(mutex, std::adopt_lock);
  return true;
}

TEST(MutexLock, LetsGoAtTheEndOfItsBlock) {
  Mutex mutex;
  { const MutexLock lock(mutex); }
  EXPECT_TRUE(is_free(mutex));
  EXPECT_TRUE(is_free(mutex)) << "the adopted one too";
}

TEST(MutexLock, LetsGoOnceWhereItWasUnlockedBefore) {
  Mutex mutex;
  {
    MutexLock lock(mutex);
    lock.unlock();
    lock.lock();
    lock.unlock();
  }
  EXPECT_TRUE(is_free(mutex));
}

TEST(ReaderLock, LetsOtherReadersIn) {
  SharedMutex mutex;
  const ReaderLock one(mutex);
  bool read = false;
  std::thread([&] {
    const ReaderLock other(mutex);
    read = true;
  }).join();
  EXPECT_TRUE(read);
}

TEST(Condition, WakesWhoWaits) {
  Mutex mutex;
  Condition changed;
  bool ready = false;
  std::thread other([&] {
    const MutexLock lock(mutex);
    ready = true;
    changed.notify_one();
  });
  {
    const MutexLock lock(mutex);
    while (!ready) changed.wait(mutex);
  }
  other.join();
}

TEST(Condition, GivesUpAtTheMomentWithTheMutexHeld) {
  Mutex mutex;
  Condition changed;
  const auto moment = std::chrono::steady_clock::now() + 20ms;
  const MutexLock lock(mutex);
  while (changed.wait_until(mutex, moment)) {
  }
  EXPECT_GE(std::chrono::steady_clock::now(), moment);
}

}  // namespace
}  // namespace signet
