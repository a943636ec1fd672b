#include "dsa-transport/circuit.h"

#include <gtest/gtest.h>

#include "dsa-transport/backoff.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;
using State = Circuit::State;

class CircuitTest : public testing::Test {
 protected:
  bool fail(SteadyTime began) { return circuit_.failed(Failure::unreachable, "gone", began, now_); }

  // Until a request may try it.
  Milliseconds rest() {
    const SteadyTime began = now_;
    while (circuit_.state(now_) == State::resting) now_ += 1ms;
    return std::chrono::duration_cast<Milliseconds>(now_ - began);
  }

  Circuit circuit_;
  SteadyTime now_ = SteadyTime() + 1h;
};

TEST_F(CircuitTest, IsClosedAtFirst) {
  EXPECT_EQ(circuit_.state(now_), State::closed);
}

TEST_F(CircuitTest, OpensAtTheFirstFailureAndSaysSoOnce) {
  EXPECT_TRUE(fail(now_));
  EXPECT_FALSE(fail(now_));
  EXPECT_EQ(circuit_.state(now_), State::resting);
  EXPECT_EQ(circuit_.trouble().sentence, "gone");
}

TEST_F(CircuitTest, LetsOneRequestTryAfterItsRest) {
  fail(now_);
  rest();
  EXPECT_EQ(circuit_.state(now_), State::rested);
  EXPECT_TRUE(circuit_.try_half_open(now_));
  EXPECT_FALSE(circuit_.try_half_open(now_));
  EXPECT_EQ(circuit_.state(now_), State::half_open);
  circuit_.succeeded(now_);
  EXPECT_EQ(circuit_.state(now_), State::closed);
}

TEST_F(CircuitTest, ForgetsATrialThatNeverCameBack) {
  fail(now_);
  rest();
  ASSERT_TRUE(circuit_.try_half_open(now_));
  now_ += 1min;
  EXPECT_TRUE(circuit_.try_half_open(now_));
}

TEST_F(CircuitTest, RestsLongerEachTimeUpToABound) {
  fail(now_);
  const Milliseconds first = rest();
  EXPECT_GE(first, 250ms);
  EXPECT_LE(first, 501ms);
  Milliseconds last = first;
  for (int i = 0; i < 10; ++i) {
    fail(now_);
    last = rest();
  }
  EXPECT_GE(last, 5s);
  EXPECT_LE(last, 10s + 1ms);
  circuit_.succeeded(now_);
  fail(now_ + 1ms);
  EXPECT_LE(rest(), 501ms);
}

TEST_F(CircuitTest, TakesManyFailuresAtOnceForOne) {
  for (int i = 0; i < 32; ++i) fail(now_);
  EXPECT_LE(rest(), 501ms);
}

TEST_F(CircuitTest, IgnoresTheFailureOfAnAttemptOlderThanTheLastSuccess) {
  const SteadyTime long_ago = now_ - 5s;
  circuit_.succeeded(now_);
  EXPECT_FALSE(fail(long_ago));
  EXPECT_EQ(circuit_.state(now_), State::closed);
}

TEST_F(CircuitTest, OpensAfterThreeBadAnswersInARow) {
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(circuit_.faulted("bad", now_, now_));
  circuit_.succeeded(now_);
  for (int i = 0; i < 2; ++i) EXPECT_FALSE(circuit_.faulted("bad", now_, now_));
  EXPECT_TRUE(circuit_.faulted("bad", now_, now_));
  EXPECT_EQ(circuit_.trouble().failure, Failure::appliance_fault);
}

TEST(Backoff, GrowsAndStaysWithinItsBounds) {
  Milliseconds longest = 0ms;
  for (unsigned round = 0; round < 40; ++round) {
    const Milliseconds jittered = jittered_backoff(50ms, 2000ms, round);
    EXPECT_GE(jittered, 0ms);
    EXPECT_LE(jittered, std::min<Milliseconds>(2000ms, 50ms * (1LL << std::min(round, 20U))));
    longest = std::max(longest, jittered);
    const Milliseconds span = growing_span(500ms, 10s, round);
    EXPECT_GE(span, 250ms);
    EXPECT_LE(span, 10s);
  }
  EXPECT_GT(longest, 200ms);
}

}  // namespace
}  // namespace signet::transport
