// The log of this process's copy of the library. A guest in somebody else's process: quiet
// (warnings to standard error) until log::open(), safe in every thread and at any time, also while
// the process exits.
//
//   log::warn("member {} answers again after {} ms", url, ms);
#ifndef SIGNET_COMMON_LOG_H_
#define SIGNET_COMMON_LOG_H_

#include <fmt/format.h>

#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <utility>

namespace signet::log {

enum class Level { trace, debug, info, warn, error };

// "error", "warn", "info", "debug", "trace"; anything else gives nothing.
std::optional<Level> level_from(std::string_view name);

enum class Format { text, json };  // json: one object a line

struct Options {
  Level level = Level::warn;
  std::string to =
      "stderr";  // "stderr", "syslog", "journald", or a file's path (appended, mode 0600)
  Format format = Format::text;
};

// A named value beside the sentence: `name=value` in text, a member of the JSON object, SIGNET_NAME
// in the journal. The text it views must live for the call only.
struct Field {
  std::string_view name;     // lower-case letters, digits, "_"
  std::string_view value;    // never a secret
  bool in_sentence = false;  // the sentence says it already: text leaves it out
  bool number = false;       // `value` is a whole number: JSON writes it as one
};

// Replaces the log's target. An empty return is success, otherwise a sentence saying what is wrong;
// the former target then stays.
std::string open(const Options& options);

// Lines below this level are left out from now on; the target stays.
void set_level(Level level);

// Back to warnings on standard error; files and sockets are closed, as soon as the last thread that
// is writing a line has done so.
void close();

bool enabled(Level level);

// Writes one line, whatever stands in it: line ends and other control characters are escaped. An
// entry below the level is left out, and one that there is no memory for is lost. errno stays as it was.
void write(Level level, std::string_view line, std::span<const Field> fields = {}) noexcept;

// For at().
void write_formatted(Level level, fmt::string_view format, fmt::format_args args) noexcept;

template <typename... Args>
void at(Level level, fmt::format_string<Args...> format, Args&&... args) {
  if (enabled(level)) write_formatted(level, format, fmt::make_format_args(args...));
}

template <typename... Args>
void error(fmt::format_string<Args...> format, Args&&... args) {
  at(Level::error, format, std::forward<Args>(args)...);
}

template <typename... Args>
void warn(fmt::format_string<Args...> format, Args&&... args) {
  at(Level::warn, format, std::forward<Args>(args)...);
}

template <typename... Args>
void info(fmt::format_string<Args...> format, Args&&... args) {
  at(Level::info, format, std::forward<Args>(args)...);
}

template <typename... Args>
void debug(fmt::format_string<Args...> format, Args&&... args) {
  at(Level::debug, format, std::forward<Args>(args)...);
}

}  // namespace signet::log

#endif  // SIGNET_COMMON_LOG_H_
