#include "common/clock.h"

#include <fmt/format.h>

#include <algorithm>

namespace signet {

Deadline Deadline::after(Milliseconds span) {
  return Deadline(std::chrono::steady_clock::now() + span);
}

Milliseconds Deadline::left() const {
  const auto left = std::chrono::ceil<Milliseconds>(moment_ - std::chrono::steady_clock::now());
  return std::max(left, Milliseconds::zero());
}

Deadline Deadline::within(Milliseconds span) const {
  return Deadline(std::min(moment_, std::chrono::steady_clock::now() + span));
}

// Reckoned here: gmtime_r takes a lock of the C library that a fork in a host with threads can
// leave locked.
std::chrono::system_clock::time_point wall_time(std::int64_t seconds_since_1970) {
  using std::chrono::seconds;
  using Clock = std::chrono::system_clock;
  static constexpr auto kFirst = std::chrono::ceil<seconds>(Clock::time_point::min());
  static constexpr auto kLast = std::chrono::floor<seconds>(Clock::time_point::max());
  const std::chrono::sys_seconds moment{seconds(seconds_since_1970)};
  return std::clamp(moment, kFirst, kLast);
}

std::string utc_text(std::chrono::system_clock::time_point time) {
  const auto millis = std::chrono::floor<Milliseconds>(time);
  const auto midnight = std::chrono::floor<std::chrono::days>(millis);
  const std::chrono::year_month_day day(midnight);
  const std::chrono::hh_mm_ss clock(millis - midnight);
  return fmt::format("{:04}-{:02}-{:02}T{:02}:{:02}:{:02}.{:03}Z", static_cast<int>(day.year()),
                     static_cast<unsigned>(day.month()), static_cast<unsigned>(day.day()),
                     clock.hours().count(), clock.minutes().count(), clock.seconds().count(),
                     clock.subseconds().count());
}

}  // namespace signet
