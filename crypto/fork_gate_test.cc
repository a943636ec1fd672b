#include "crypto/fork_gate.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace signet::crypto {
namespace {

using namespace std::chrono_literals;

// The status of a child that says by it what it saw.
template <typename Look>
int child_sees(Look look) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::alarm(20);
    ::_exit(look());
  }
  int status = -1;
  EXPECT_EQ(::waitpid(child, &status, 0), child);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
}

// A thread that is inside from the moment this gives it back, for so long.
std::thread inside_for(std::chrono::milliseconds time, std::atomic<bool>& has_left) {
  std::atomic<bool> entered = false;
  std::thread thread([&entered, &has_left, time] {
    const ForkPass pass(ForkPass::Length::step);
    entered = true;
    std::this_thread::sleep_for(time);
    has_left = true;
  });
  while (!entered) std::this_thread::yield();
  return thread;
}

TEST(ForkGateTest, AForkWaitsUntilNobodyIsInside) {
  watch_forks();
  for (int i = 0; i < 5; ++i) {
    std::atomic<bool> has_left = false;
    std::thread thread = inside_for(20ms, has_left);
    EXPECT_EQ(child_sees([&] { return has_left ? 1 : 0; }), 1);
    thread.join();
  }
}

TEST(ForkGateTest, AForkGoesOnWithoutAThreadThatStays) {
  watch_forks();
  std::atomic<bool> has_left = false;
  std::thread thread = inside_for(3s, has_left);
  EXPECT_EQ(child_sees([&] {
              const ForkPass pass(ForkPass::Length::step);  // nobody has one here
              return has_left ? 1 : 0;
            }),
            0);
  thread.join();
}

// The fork waits for the thread, so the thread must not wait for the fork.
TEST(ForkGateTest, AnInstantWithinAPassIsNotHeldUpByTheForkThatWaitsForThePass) {
  watch_forks();
  std::atomic<bool> entered = false;
  std::atomic<bool> has_left = false;
  std::thread thread([&] {
    const ForkPass pass(ForkPass::Length::step);
    entered = true;
    std::this_thread::sleep_for(50ms);  // so that the fork waits
    for (int i = 0; i < 1000; ++i) const ForkPass within(ForkPass::Length::instant);
    has_left = true;
  });
  while (!entered) std::this_thread::yield();
  EXPECT_EQ(child_sees([&] { return has_left ? 1 : 0; }), 1) << "the thread waited for the fork";
  thread.join();
}

TEST(ForkGateTest, ThreadsGoOnAfterForks) {
  watch_forks();
  std::atomic<bool> stop = false;
  std::atomic<long> passes = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      while (!stop) {
        const ForkPass pass(ForkPass::Length::step);
        const ForkPass within(ForkPass::Length::instant);
        ++passes;
      }
    });
  }
  for (int i = 0; i < 50; ++i) EXPECT_EQ(child_sees([] { return 7; }), 7);
  const long before = passes;
  while (passes == before) std::this_thread::yield();
  stop = true;
  for (std::thread& thread : threads) thread.join();
}

}  // namespace
}  // namespace signet::crypto
