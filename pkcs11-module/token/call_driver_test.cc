#include "pkcs11-module/token/call_driver.h"

#include <gtest/gtest.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <memory>
#include <new>
#include <thread>

#include "common/wakeup.h"

namespace signet::token {
namespace {

using namespace std::chrono_literals;

std::shared_ptr<PendingCall> call_of(CallTask task) {
  return std::make_shared<PendingCall>(
      PendingCall::Request{.function = "C_Sign", .kind = CallKind::sign, .has_output = true},
      PendingCall::Work{.task = std::move(task)});
}

void drive_until_done(CallDriver& driver, const PendingCall& call) {
  const auto latest = std::chrono::steady_clock::now() + 20s;
  while (!call.done() && std::chrono::steady_clock::now() < latest) {
    driver.drive();
    std::this_thread::sleep_for(200us);
  }
  ASSERT_TRUE(call.done());
}

CallTask after_pause(Milliseconds pause) {
  co_await wait_for(pause);
  co_return CallOutcome{.value = {1, 2, 3}};
}

CallTask when_woken(std::shared_ptr<Wakeup> wakeup) {
  co_await wakeup->until(SteadyTime::max());
  co_return CallOutcome{.object = 7};
}

CallTask when_readable(int descriptor) {
  pollfd poll{.fd = descriptor, .events = POLLIN, .revents = 0};
  while (poll.revents == 0) co_await Wait{.descriptors = {&poll, 1}};
  co_return CallOutcome{.object = 8};
}

// PendingCall::take_outcome() only hands it on, and none of these has anything left to conclude.
Session& no_session() {
  alignas(std::max_align_t) static std::array<std::byte, 1> nothing;
  return reinterpret_cast<Session&>(nothing);
}

TEST(CallDriver, EndsACallWhoseMomentHasCome) {
  CallDriver driver;
  const auto call = call_of(after_pause(20ms));
  driver.start(call);
  EXPECT_FALSE(call->done());
  EXPECT_EQ(driver.under_way(), 1U);
  drive_until_done(driver, *call);
  EXPECT_EQ(driver.under_way(), 0U);
  EXPECT_EQ(call->take_outcome(no_session()).value().value, (Bytes{1, 2, 3}));
}

TEST(CallDriver, EndsACallThatADescriptorWakes) {
  std::array<int, 2> ends{};
  ASSERT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends.data()), 0);
  CallDriver driver;
  const auto call = call_of(when_readable(ends[0]));
  driver.start(call);
  for (int round = 0; round < 20; ++round) driver.drive();
  EXPECT_FALSE(call->done());
  ASSERT_EQ(write(ends[1], "x", 1), 1);
  drive_until_done(driver, *call);
  for (const int end : ends) close(end);
}

TEST(CallDriver, HearsOfAWakeupFromAnotherThreadWithoutADescriptor) {
  CallDriver driver;
  const auto wakeup = std::make_shared<Wakeup>();
  const int next_before = dup(STDERR_FILENO);
  close(next_before);
  std::vector<std::shared_ptr<PendingCall>> calls;
  const auto call = call_of(when_woken(wakeup));
  driver.start(call);
  const int next_after = dup(STDERR_FILENO);
  close(next_after);
  EXPECT_EQ(next_after, next_before) << "no descriptor is open for it";
  std::thread other([&] { wakeup->wake(); });
  other.join();
  drive_until_done(driver, *call);
  EXPECT_EQ(call->take_outcome(no_session()).value().object, 7U);
}

TEST(CallDriver, OneCallWakesAnotherInTheSameDrive) {
  CallDriver driver;
  const auto wakeup = std::make_shared<Wakeup>();
  const auto waker_task = [](std::shared_ptr<Wakeup> other) -> CallTask {
    co_await wait_for(1ms);
    other->wake();
    co_return CallOutcome{};
  };
  const auto waiting = call_of(when_woken(wakeup));
  const auto waking = call_of(waker_task(wakeup));
  driver.start(waiting);
  driver.start(waking);
  drive_until_done(driver, *waking);
  EXPECT_TRUE(waiting->done());
}

TEST(CallDriver, ACancelledCallIsDestroyedAndNotWokenAnyMore) {
  CallDriver driver;
  const auto wakeup = std::make_shared<Wakeup>();
  const auto call = call_of(when_woken(wakeup));
  driver.start(call);
  wakeup->wake();  // noted, not yet stepped
  EXPECT_TRUE(driver.cancel(*call));
  EXPECT_FALSE(driver.cancel(*call)) << "it is done";
  EXPECT_EQ(wakeup.use_count(), 1);
  driver.drive();
  EXPECT_EQ(call->take_outcome(no_session()).error().rv, CKR_FUNCTION_CANCELED);
}

TEST(CallDriver, ACallThatIsCancelledBeforeItStartsNeverStarts) {
  CallDriver driver;
  bool stepped = false;
  const auto task = [](bool& noted) -> CallTask {
    noted = true;
    co_return CallOutcome{};
  };
  const auto call = call_of(task(stepped));
  EXPECT_TRUE(driver.cancel(*call));
  driver.start(call);
  EXPECT_FALSE(stepped);
  ASSERT_TRUE(call->done());
  EXPECT_EQ(call->take_outcome(no_session()).error().rv, CKR_FUNCTION_CANCELED);
  EXPECT_EQ(driver.under_way(), 0U);
  EXPECT_FALSE(driver.cancel(*call)) << "it is done";
}

TEST(CallDriver, WhatATaskThrowsIsItsCode) {
  CallDriver driver;
  const auto without_memory = []() -> CallTask {
    co_await wait_for(1ms);
    throw std::bad_alloc();
  };
  const auto broken = []() -> CallTask {
    co_await wait_for(1ms);
    throw std::runtime_error("broken");
  };
  const auto first = call_of(without_memory());
  const auto second = call_of(broken());
  driver.start(first);
  driver.start(second);
  drive_until_done(driver, *first);
  drive_until_done(driver, *second);
  EXPECT_EQ(first->take_outcome(no_session()).error().rv, CKR_HOST_MEMORY);
  EXPECT_EQ(second->take_outcome(no_session()).error().rv, CKR_GENERAL_ERROR);
}

TEST(CallDriver, ASynchronousCallDrivesThoseThatItWaitsFor) {
  CallDriver driver;
  const auto wakeup = std::make_shared<Wakeup>();
  const auto pending = [](std::shared_ptr<Wakeup> other) -> CallTask {
    co_await wait_for(20ms);
    other->wake();
    co_return CallOutcome{};
  };
  const auto call = call_of(pending(wakeup));
  driver.start(call);
  EXPECT_EQ(driver.finish(when_woken(wakeup)).value().object, 7U);
  EXPECT_TRUE(call->done());
}

TEST(CallDriver, ServesThousandsFromManyThreads) {
  CallDriver driver;
  constexpr int kThreads = 4;
  constexpr int kCalls = 500;
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&driver] {
      std::vector<std::shared_ptr<PendingCall>> calls;
      for (int call = 0; call < kCalls; ++call) {
        calls.push_back(call_of(after_pause(Milliseconds(call % 10))));
        driver.start(calls.back());
      }
      for (const auto& call : calls) drive_until_done(driver, *call);
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(driver.under_way(), 0U);
}

}  // namespace
}  // namespace signet::token
