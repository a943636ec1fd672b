// Days as a browser's field gives them.
#ifndef SIGNET_SEAL_SERVER_PAGES_DAY_H_
#define SIGNET_SEAL_SERVER_PAGES_DAY_H_

#include <chrono>
#include <optional>
#include <string>
#include <string_view>

namespace signet::sealserver {

// Of "YYYY-MM-DD", so many days later: its first moment in UTC, as the database has times. Nothing for any other text.
std::optional<std::string> day_start(std::string_view text,
                                     std::chrono::days later = std::chrono::days(0));

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_DAY_H_
