#include "common/clock.h"

#include <gtest/gtest.h>

#include <limits>

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

TEST(WallTime, OfSecondsThatTheClockCannotHoldIsItsFirstOrLastMoment) {
  using Clock = std::chrono::system_clock;
  EXPECT_EQ(wall_time(0), Clock::time_point());
  EXPECT_EQ(utc_text(wall_time(1'772'366'400)), "2026-03-01T12:00:00.000Z");
  constexpr std::int64_t end_of_the_year_9999 = 253'402'300'799;
  EXPECT_EQ(utc_text(wall_time(end_of_the_year_9999)).substr(0, 4), "2262");
  EXPECT_EQ(wall_time(end_of_the_year_9999), wall_time(std::numeric_limits<std::int64_t>::max()));
  EXPECT_LT(wall_time(std::numeric_limits<std::int64_t>::min()), wall_time(-1));
}

}  // namespace
}  // namespace signet
