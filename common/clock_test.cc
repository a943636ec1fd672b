#include "common/clock.h"

#include <gtest/gtest.h>

namespace signet {
namespace {

using namespace std::chrono_literals;

TEST(Deadline, HasTimeLeftBeforeItPasses) {
  const Deadline deadline = Deadline::after(10s);
  EXPECT_FALSE(deadline.passed());
  EXPECT_GT(deadline.left(), 9s);
}

TEST(Deadline, LeavesNothingAfterItPassed) {
  const Deadline deadline = Deadline::after(-1s);
  EXPECT_TRUE(deadline.passed());
  EXPECT_EQ(deadline.left(), 0ms);
}

TEST(Deadline, WithinNeverStretchesIt) {
  EXPECT_LE(Deadline::after(1s).within(60s).left(), 1s);
  EXPECT_LE(Deadline::after(60s).within(1s).left(), 1s);
}

TEST(UtcText, IsRfc3339WithMilliseconds) {
  const auto time = std::chrono::system_clock::from_time_t(1767268800) + 42ms;
  EXPECT_EQ(utc_text(time), "2026-01-01T12:00:00.042Z");
}

}  // namespace
}  // namespace signet
