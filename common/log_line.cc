#include "common/log_line.h"

#include <fmt/format.h>
#include <syslog.h>

#include <algorithm>
#include <array>

#include "common/clock.h"
#include "common/printable.h"
#include "common/utf8.h"

namespace signet::log {

namespace {

constexpr std::string_view kCut = "…";

std::string_view short_escape(char32_t c) {
  if (c == '\n') return "\\n";
  if (c == '\r') return "\\r";
  if (c == '\t') return "\\t";
  return {};
}

// Calls `good(bytes)` for what may stand as it is, `control(character)` and `bad(byte)` for the
// rest.
template <typename Good, typename Control, typename Bad>
void walk(std::string_view text, Good good, Control control, Bad bad) {
  for (std::size_t at = 0; at < text.size();) {
    const Utf8Piece piece = first_piece(text.substr(at));
    if (!piece.valid) {
      bad(static_cast<unsigned char>(text[at]));
    } else if (!is_printable(piece.character)) {
      control(piece.character);
    } else {
      good(text.substr(at, piece.size));
    }
    at += piece.size;
  }
}

std::string_view cut(std::string_view text) {
  return text.substr(0, kLongestText);
}

void append_text(std::string& to, std::string_view text) {
  to += signet::printable(cut(text));
  if (text.size() > kLongestText) to += kCut;
}

void append_json(std::string& to, std::string_view text) {
  to += '"';
  walk(
      cut(text),
      [&](std::string_view bytes) {
        if (bytes == "\"" || bytes == "\\") to += '\\';
        to += bytes;
      },
      [&](char32_t c) {
        const std::string_view known = short_escape(c);
        to +=
            known.empty() ? fmt::format("\\u{:04x}", static_cast<unsigned>(c)) : std::string(known);
      },
      [&](unsigned char) { to += "\\ufffd"; });
  if (text.size() > kLongestText) to += kCut;
  to += '"';
}

bool needs_quotes(std::string_view value) {
  return value.empty() || value.find_first_of(" \"=") != std::string_view::npos;
}

void append_value(std::string& to, std::string_view value) {
  if (!needs_quotes(value)) return append_text(to, value);
  to += '"';
  std::string quoted;
  for (const char c : cut(value)) {
    if (c == '"' || c == '\\') quoted += '\\';
    quoted += c;
  }
  append_text(to, quoted);
  to += '"';
}

// As JSON writes it: no sign, no leading zero.
bool is_whole_number(std::string_view value) {
  const bool digits = !value.empty() && value.size() <= 20 &&
                      value.find_first_not_of("0123456789") == std::string_view::npos;
  return digits && (value == "0" || value.front() != '0');
}

bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 5> names = {"time", "level", "program", "pid", "message"};
  return std::ranges::find(names, name) != names.end();
}

int syslog_severity(Level level) {
  switch (level) {
    case Level::trace:
    case Level::debug:
      return LOG_DEBUG;
    case Level::info:
      return LOG_INFO;
    case Level::warn:
      return LOG_WARNING;
    case Level::error:
      break;
  }
  return LOG_ERR;
}

// journald drops fields whose names are not upper-case letters, digits and underscores.
std::string journal_name(std::string_view name) {
  std::string upper = "SIGNET_";
  for (const char c : name) {
    const bool lower = c >= 'a' && c <= 'z';
    const bool keep = (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    upper += lower ? static_cast<char>(c - 'a' + 'A') : keep ? c : '_';
  }
  return upper;
}

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::trace:
      return "trace";
    case Level::debug:
      return "debug";
    case Level::info:
      return "info";
    case Level::warn:
      return "warn";
    case Level::error:
      break;
  }
  return "error";
}

std::string printable(std::string_view text) {
  std::string shown;
  append_text(shown, text);
  return shown;
}

std::string message_text(const Entry& entry) {
  std::string text = printable(entry.message);
  for (const Field& field : entry.fields) {
    if (field.in_sentence) continue;
    text += ' ';
    append_text(text, field.name);
    text += '=';
    append_value(text, field.value);
  }
  return text;
}

std::string text_line(const Entry& entry) {
  return fmt::format("{} signet[{}] {}: {}\n", utc_text(entry.time), entry.pid,
                     name_of(entry.level), message_text(entry));
}

std::string json_object(const Entry& entry) {
  std::string object =
      fmt::format(R"({{"time":"{}","level":"{}","program":"signet","pid":{},"message":)",
                  utc_text(entry.time), name_of(entry.level), entry.pid);
  append_json(object, entry.message);
  for (const Field& field : entry.fields) {
    object += ',';
    append_json(object, is_reserved(field.name) ? fmt::format("field_{}", field.name)
                                                : std::string(field.name));
    object += ':';
    if (field.number && is_whole_number(field.value)) {
      object += field.value;
    } else {
      append_json(object, field.value);
    }
  }
  object += '}';
  return object;
}

// Without a time: the receiver stamps what comes without (RFC 3164 section 4.3.2), and asking for
// the local time takes a lock of the C library that a fork can leave locked.
std::string syslog_datagram(const Entry& entry, std::string_view body) {
  return fmt::format("<{}>signet[{}]: {}", LOG_USER | syslog_severity(entry.level), entry.pid,
                     body);
}

std::string journal_datagram(const Entry& entry, std::string_view body) {
  std::string datagram =
      fmt::format("MESSAGE={}\nPRIORITY={}\nSYSLOG_IDENTIFIER=signet\nSYSLOG_PID={}\n", body,
                  syslog_severity(entry.level), entry.pid);
  for (const Field& field : entry.fields) {
    datagram += journal_name(field.name) + "=";
    append_text(datagram, field.value);
    datagram += '\n';
  }
  return datagram;
}

}  // namespace signet::log
