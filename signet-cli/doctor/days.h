// Dates in doctor's sentences.
#ifndef SIGNET_SIGNET_CLI_DOCTOR_DAYS_H_
#define SIGNET_SIGNET_CLI_DOCTOR_DAYS_H_

#include <chrono>
#include <string>

#include "common/clock.h"

namespace signet::cli::doctor {

// What ends within this time deserves a look.
inline constexpr std::chrono::hours kSoon{30L * 24};

// "2026-03-01", in UTC.
inline std::string day_of(std::chrono::system_clock::time_point time) {
  return utc_text(time).substr(0, sizeof "2026-03-01" - 1);
}

}  // namespace signet::cli::doctor

#endif  // SIGNET_SIGNET_CLI_DOCTOR_DAYS_H_
