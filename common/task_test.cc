#include "common/task.h"

#include <gtest/gtest.h>
#include <pthread.h>

#include <atomic>
#include <csignal>
#include <memory>
#include <stdexcept>
#include <string>
#include <thread>

#include "common/wakeup.h"

namespace signet {
namespace {

using namespace std::chrono_literals;

Task<int> number(int value) {
  co_return value;
}

Task<int> after(Milliseconds span, int value) {
  co_await wait_for(span);
  co_return value;
}

Task<std::string> both(Milliseconds span) {
  const int first = co_await after(span, 1);
  const int second = co_await number(2);
  co_return std::to_string(first) + std::to_string(second);
}

TEST(Task, DoesNothingBeforeItsFirstStep) {
  bool ran = false;
  const auto body = [](bool& has_run) -> Task<int> {
    has_run = true;
    co_return 1;
  };
  Task<int> task = body(ran);
  EXPECT_FALSE(ran);
  EXPECT_TRUE(task.step());
  EXPECT_TRUE(ran);
  EXPECT_EQ(task.finish(), 1);
}

TEST(Task, AStepNeverBlocks) {
  Task<int> task = after(20s, 1);
  EXPECT_FALSE(task.step());
  EXPECT_FALSE(task.step());
  EXPECT_GT(task.wait().until, std::chrono::steady_clock::now() + 10s);
}

TEST(Task, FinishWaitsThroughTheTasksWithin) {
  Task<std::string> task = both(20ms);
  EXPECT_FALSE(task.step());
  EXPECT_EQ(task.finish(), "12");
}

TEST(Task, ASignalOfTheHostEndsNoWait) {
  struct sigaction ignore {};
  struct sigaction before {};
  ignore.sa_handler = [](int) {};
  sigaction(SIGUSR1, &ignore, &before);
  std::atomic<bool> over{false};
  std::thread disturber([&over, waiter = pthread_self()] {
    while (!over) {
      pthread_kill(waiter, SIGUSR1);
      std::this_thread::sleep_for(5ms);
    }
  });
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(after(200ms, 1).finish(), 1);
  EXPECT_GE(std::chrono::steady_clock::now() - began, 200ms);
  over = true;
  disturber.join();
  sigaction(SIGUSR1, &before, nullptr);
}

TEST(Task, ManyAreServedByOneThread) {
  std::vector<Task<int>> tasks;
  for (int i = 0; i < 50; ++i) tasks.push_back(after(200ms, i));
  const auto began = std::chrono::steady_clock::now();
  for (bool all = false; !all;) {
    all = true;
    std::vector<Wait> waits;
    for (auto& task : tasks) {
      if (!task.step()) waits.push_back(task.wait());
    }
    all = waits.empty();
    if (!all) wait_for_any(waits);
  }
  EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << "not one after the other";
  for (int i = 0; i < 50; ++i) EXPECT_EQ(tasks[static_cast<std::size_t>(i)].finish(), i);
}

TEST(Task, ThrowsWhatItsBodyThrew) {
  const auto body = []() -> Task<int> {
    co_await wait_for(1ms);
    throw std::runtime_error("broken");
  };
  const auto outer = [](auto inner) -> Task<int> { co_return co_await inner(); };
  Task<int> task = outer(body);
  EXPECT_THROW((void)task.finish(), std::runtime_error);
}

TEST(Task, ItsEndEndsWhatItHolds) {
  const auto held = std::make_shared<int>(1);
  const auto inner = [](std::shared_ptr<int> copy) -> Task<int> {
    co_await wait_for(20s);
    co_return *copy;
  };
  const auto outer = [](auto body, std::shared_ptr<int> copy) -> Task<int> {
    co_return co_await body(std::move(copy));
  };
  {
    Task<int> task = outer(inner, held);
    EXPECT_FALSE(task.step());
    EXPECT_EQ(held.use_count(), 2);
  }
  EXPECT_EQ(held.use_count(), 1);
}

Task<bool> woken(Wakeup& wakeup) {
  const SteadyTime latest = std::chrono::steady_clock::now() + 20s;
  co_await wakeup.until(latest);
  co_return std::chrono::steady_clock::now() < latest;
}

TEST(Wakeup, EndsAWaitFromAnotherThread) {
  Wakeup wakeup;
  Task<bool> task = woken(wakeup);
  EXPECT_FALSE(task.step());
  std::thread other([&] { wakeup.wake(); });
  EXPECT_TRUE(task.finish());
  other.join();
  wakeup.reset();
  Task<bool> again = woken(wakeup);
  EXPECT_FALSE(again.step());
  EXPECT_FALSE(again.step()) << "it was reset";
}

struct CountingWaker final : Waker {
  void wake() noexcept override { ++told; }
  std::atomic<int> told{0};
};

TEST(Wakeup, TellsTheWakerOfATaskAndNeedsNoDescriptorForIt) {
  Wakeup wakeup;
  CountingWaker waker;
  Task<bool> task = woken(wakeup);
  task.set_waker(waker);
  EXPECT_FALSE(task.step());
  EXPECT_TRUE(task.wait().descriptors.empty());
  std::thread other([&] { wakeup.wake(); });
  other.join();
  EXPECT_EQ(waker.told, 1);
  EXPECT_FALSE(task.step()) << "the waker only takes note";
  task.end_wait();
  EXPECT_TRUE(task.step());
  EXPECT_TRUE(task.finish());
  wakeup.wake();
  EXPECT_EQ(waker.told, 1) << "nobody waits any more";
}

TEST(Wakeup, ThatCameBeforeTheWaitEndsItAtOnce) {
  Wakeup wakeup;
  CountingWaker waker;
  wakeup.wake();
  Task<bool> task = woken(wakeup);
  task.set_waker(waker);
  EXPECT_FALSE(task.step());
  EXPECT_TRUE(task.step());
  EXPECT_EQ(waker.told, 0);
  wakeup.reset();
  Task<bool> again = woken(wakeup);
  EXPECT_FALSE(again.step());
  EXPECT_FALSE(again.step()) << "it was reset";
}

TEST(Wakeup, OfATaskWithinATaskTellsTheWakerOfTheOuterOne) {
  Wakeup wakeup;
  CountingWaker waker;
  const auto outer = [](Wakeup& inner) -> Task<bool> { co_return co_await woken(inner); };
  Task<bool> task = outer(wakeup);
  task.set_waker(waker);
  EXPECT_FALSE(task.step());
  wakeup.wake();
  EXPECT_EQ(waker.told, 1);
}

}  // namespace
}  // namespace signet
