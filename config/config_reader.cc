#include "config/config_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <charconv>
#include <cstdint>
#include <utility>

#include "config/suggest.h"

namespace signet::config {

namespace {

struct Unit {
  std::string_view name;
  std::int64_t milliseconds;
};

// The largest first, for duration_text().
constexpr std::array<Unit, 3> kUnits = {{{"m", 60'000}, {"s", 1'000}, {"ms", 1}}};

// Keeps the products far from the end of the type; the readers' own limits are much lower.
constexpr std::int64_t kLargestNumber = 1'000'000'000;

std::string_view kind_name(TomlNode::Kind kind) {
  using Kind = TomlNode::Kind;
  switch (kind) {
    case Kind::text:
      return "a string";
    case Kind::integer:
      return "a whole number";
    case Kind::real:
      return "a number with a fraction";
    case Kind::boolean:
      return "true or false";
    case Kind::time:
      return "a date or time";
    case Kind::list:
      return "a list";
    case Kind::table:
      break;
  }
  return "a table";
}

bool all_of_kind(const TomlNode& list, TomlNode::Kind kind) {
  for (const TomlNode& item : list.items) {
    if (item.kind != kind) return false;
  }
  return list.kind == TomlNode::Kind::list;
}

bool has_type(const TomlNode& value, ValueType type) {
  using Kind = TomlNode::Kind;
  switch (type) {
    case ValueType::text:
    case ValueType::duration:
      return value.kind == Kind::text;
    case ValueType::texts:
      return all_of_kind(value, Kind::text);
    case ValueType::flag:
      return value.kind == Kind::boolean;
    case ValueType::count:
      return value.kind == Kind::integer;
    case ValueType::table:
      return value.kind == Kind::table;
    case ValueType::tables:
      break;
  }
  return all_of_kind(value, Kind::table);
}

std::string wanted(std::string_view table, const KeyRule& rule) {
  const std::string path =
      table.empty() ? std::string(rule.key) : fmt::format("{}.{}", table, rule.key);
  switch (rule.type) {
    case ValueType::text:
      return "a string in quotes";
    case ValueType::texts:
      return "a list of strings: [\"…\", \"…\"]";
    case ValueType::flag:
      return "true or false, without quotes";
    case ValueType::count:
      return "a whole number, without quotes";
    case ValueType::duration:
      return "a duration in quotes, such as \"500ms\", \"3s\" or \"2m\"";
    case ValueType::table:
      return fmt::format("a table: write [{}]", path);
    case ValueType::tables:
      break;
  }
  return fmt::format("a list of tables: write [[{}]] above each", path);
}

std::string place_of(std::string_view table) {
  return table.empty() ? "at the top of the file" : fmt::format("in [{}]", table);
}

// Where else a key of this name belongs, for those who put it into the wrong table.
std::string_view other_table(std::string_view key) {
  for (const KeyRule& rule : config_keys()) {
    if (rule.key == key && !rule.table.empty()) return rule.table;
  }
  return {};
}

}  // namespace

std::optional<Milliseconds> parse_duration(std::string_view text) {
  std::int64_t number = 0;
  const char* const last = text.data() + text.size();
  const auto [end, failure] = std::from_chars(text.data(), last, number);
  if (failure != std::errc() || number < 0 || number > kLargestNumber) return std::nullopt;
  for (const Unit& unit : kUnits) {
    if (std::string_view(end, static_cast<std::size_t>(last - end)) == unit.name) {
      return Milliseconds(number * unit.milliseconds);
    }
  }
  return std::nullopt;
}

std::string duration_text(Milliseconds span) {
  for (const Unit& unit : kUnits) {
    if (span.count() % unit.milliseconds == 0 && span.count() >= unit.milliseconds) {
      return fmt::format("{}{}", span.count() / unit.milliseconds, unit.name);
    }
  }
  return fmt::format("{}ms", span.count());
}

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

ConfigError error_at(const std::string& file, Position at, std::string_view sentence) {
  if (at.line == 0) return {fmt::format("{}: {}", file, sentence)};
  return {fmt::format("{}:{}:{}: {}", file, at.line, at.column, sentence)};
}

Result<TableReader, ConfigError> TableReader::open(const TomlNode& table, std::string_view name,
                                                   const std::string& file) {
  TableReader reader(table, name, file);
  for (const TomlEntry& entry : table.entries) {
    BOOST_OUTCOME_TRY(reader.check_entry(entry));
  }
  return reader;
}

Result<void, ConfigError> TableReader::check_entry(const TomlEntry& entry) const {
  const KeyRule* const rule = find_rule(name_, entry.key);
  if (rule == nullptr) {
    std::string hint = suggestion(entry.key, keys_of(name_));
    const std::string_view elsewhere = other_table(entry.key);
    if (hint.empty() && !elsewhere.empty()) hint = fmt::format(" (it belongs to [{}])", elsewhere);
    return error_at(*file_, entry.at,
                    fmt::format("there is no key \"{}\" {}{}", entry.key, place_of(name_), hint));
  }
  if (!has_type(entry.value, rule->type)) {
    return error_at(*file_, entry.value.at.line == 0 ? entry.at : entry.value.at,
                    fmt::format("\"{}\" is {}, but must be {}", entry.key,
                                kind_name(entry.value.kind), wanted(name_, *rule)));
  }
  return success();
}

Result<const TomlNode*, ConfigError> TableReader::demand(std::string_view key) const {
  const TomlNode* const value = find(key);
  if (value != nullptr) return value;
  return error(*table_, fmt::format("[{}] has no \"{}\"; add it", name_, key));
}

Result<void, ConfigError> TableReader::read_duration(std::string_view key, Milliseconds least,
                                                     Milliseconds most, Milliseconds& into) const {
  const TomlNode* const value = find(key);
  if (value == nullptr) return success();
  const auto span = parse_duration(value->text);
  if (!span) {
    return error(*value,
                 fmt::format("\"{}\" is \"{}\", but must be a whole number with its unit, such as "
                             "\"500ms\", \"3s\" or \"2m\"",
                             key, value->text));
  }
  if (*span < least || *span > most) {
    return error(*value, fmt::format("\"{}\" is {}, but must be from {} to {}", key, value->text,
                                     duration_text(least), duration_text(most)));
  }
  into = *span;
  return success();
}

Result<void, ConfigError> TableReader::read_count(std::string_view key, unsigned least,
                                                  unsigned most, unsigned& into) const {
  const TomlNode* const value = find(key);
  if (value == nullptr) return success();
  if (std::cmp_less(value->integer, least) || std::cmp_greater(value->integer, most)) {
    return error(*value, fmt::format("\"{}\" is {}, but must be from {} to {}", key, value->integer,
                                     least, most));
  }
  into = static_cast<unsigned>(value->integer);
  return success();
}

Result<std::string, ConfigError> TableReader::path(std::string_view key) const {
  const TomlNode* const value = find(key);
  if (value == nullptr) return std::string();
  const bool usable = value->text.starts_with('/') && value->text.find('\0') == std::string::npos;
  if (usable) return value->text;
  return error(*value,
               fmt::format("\"{}\" must be an absolute path (beginning with \"/\"): the program "
                           "that loads the module may run in any folder",
                           key));
}

}  // namespace signet::config
