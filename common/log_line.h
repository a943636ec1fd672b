// One entry of the log, and its form in each kind of target. Whatever stands in a message, an entry
// is one line: control characters and bytes that are not UTF-8 are escaped.
#ifndef SIGNET_COMMON_LOG_LINE_H_
#define SIGNET_COMMON_LOG_LINE_H_

#include <sys/types.h>

#include <chrono>
#include <span>
#include <string>
#include <string_view>

#include "common/log.h"

namespace signet::log {

struct Entry {
  std::chrono::system_clock::time_point time;
  Level level = Level::info;
  pid_t pid = 0;
  std::string_view message;
  std::span<const Field> fields;
};

// Longer messages and values are cut and end in "…".
inline constexpr std::size_t kLongestText = 16'384;

// "warn", as in the configuration.
std::string_view name_of(Level level);

// The text with everything escaped that would end a line, move the cursor or turn the direction of
// writing.
std::string printable(std::string_view text);

// `message name=value name="value with blanks"`, escaped, without a line end.
std::string message_text(const Entry& entry);

// "2026-03-01T12:00:00.000Z signet[123] warn: message\n"
std::string text_line(const Entry& entry);

// By hand: Boost.JSON would leave characters in it that end lines and move cursors, and the module logs with
// little memory. {"time":…,"level":…,"program":"signet","pid":…,"message":…,fields…}, without a line end. A field
// whose name is one of the five is written as "field_NAME".
std::string json_object(const Entry& entry);

// For /dev/log (RFC 3164, facility user; the receiver adds the time): "<12>signet[123]: " and
// `body`.
std::string syslog_datagram(const Entry& entry, std::string_view body);

// For systemd-journald's native protocol: MESSAGE, PRIORITY, SYSLOG_IDENTIFIER, and SIGNET_NAME for
// each field.
std::string journal_datagram(const Entry& entry, std::string_view body);

}  // namespace signet::log

#endif  // SIGNET_COMMON_LOG_LINE_H_
