// Time: deadlines on the steady clock (a changed wall clock never shortens or stretches a call), and the
// wall clock as text.
#ifndef SIGNET_COMMON_CLOCK_H_
#define SIGNET_COMMON_CLOCK_H_

#include <chrono>
#include <cstdint>
#include <string>

namespace signet {

using SteadyTime = std::chrono::steady_clock::time_point;
using Milliseconds = std::chrono::milliseconds;

// The moment by which a whole call, with all its retries, must have ended.
class Deadline {
 public:
  static Deadline after(Milliseconds span);

  SteadyTime moment() const { return moment_; }
  bool passed() const { return left() == Milliseconds::zero(); }

  // Time left, never negative.
  Milliseconds left() const;

  // The earlier of this deadline and `span` from now.
  Deadline within(Milliseconds span) const;

 private:
  explicit Deadline(SteadyTime moment) : moment_(moment) {}

  SteadyTime moment_;
};

// Seconds since 1970 as a moment; the clock's first or last one (the year 2262 with nanoseconds) where it cannot hold them:
// certificates without an end say the year 9999.
std::chrono::system_clock::time_point wall_time(std::int64_t seconds_since_1970);

// RFC 3339 in UTC with milliseconds: "2026-03-01T12:00:00.000Z".
std::string utc_text(std::chrono::system_clock::time_point time);

}  // namespace signet

#endif  // SIGNET_COMMON_CLOCK_H_
