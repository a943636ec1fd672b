#include "common/clock.h"

#include <fmt/chrono.h>
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

std::string utc_text(std::chrono::system_clock::time_point time) {
  const auto whole = std::chrono::floor<std::chrono::seconds>(time);
  const auto millis = std::chrono::duration_cast<Milliseconds>(time - whole).count();
  const std::time_t seconds = std::chrono::system_clock::to_time_t(whole);
  std::tm parts{};
  gmtime_r(&seconds, &parts);
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", parts, millis);
}

}  // namespace signet
