// Dates in what people read.
#ifndef SIGNET_SIGNET_CLI_DATE_H_
#define SIGNET_SIGNET_CLI_DATE_H_

#include <chrono>
#include <string>
#include <string_view>

#include "common/clock.h"

namespace signet::cli {

// "2027-03-01", in UTC.
inline std::string date_of(std::chrono::system_clock::time_point time) {
  return utc_text(time).substr(0, std::string_view("2027-03-01").size());
}

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_DATE_H_
