// Dates in what people read.
#ifndef SIGNET_SIGNET_CLI_DATE_H_
#define SIGNET_SIGNET_CLI_DATE_H_

#include <charconv>
#include <chrono>
#include <optional>
#include <string>
#include <string_view>

#include "common/clock.h"

namespace signet::cli {

// "2027-03-01", in UTC.
inline std::string date_of(std::chrono::system_clock::time_point time) {
  return utc_text(time).substr(0, std::string_view("2027-03-01").size());
}

// "30d"; nothing for anything else.
inline std::optional<std::chrono::days> parse_days(std::string_view text) {
  constexpr int most = 36500;
  int number = 0;
  const auto [end, code] = std::from_chars(text.data(), text.data() + text.size(), number);
  const std::string_view unit(end, static_cast<std::size_t>(text.data() + text.size() - end));
  if (code != std::errc() || number < 0 || number > most || unit != "d") return std::nullopt;
  return std::chrono::days(number);
}

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_DATE_H_
