#include "conformance/profiles/value.h"

#include <algorithm>
#include <charconv>
#include <cstring>
#include <optional>
#include <stdexcept>

#include "conformance/profiles/symbols.h"

namespace signet::profiles {
namespace {

[[noreturn]] void fail(const std::string& sentence) {
  throw std::runtime_error(sentence);
}

Bytes bytes_of_text(std::string_view text) {
  return {text.begin(), text.end()};
}

std::optional<CK_ULONG> plain_number(std::string_view text) {
  const int base = text.starts_with("0x") ? 16 : 10;
  if (base == 16) text.remove_prefix(2);
  CK_ULONG number = 0;
  const char* const end = text.data() + text.size();
  const auto read = std::from_chars(text.data(), end, number, base);
  if (read.ec != std::errc() || read.ptr != end) return std::nullopt;
  return number;
}

// "CKF_RW_SESSION|CKF_SERIAL_SESSION"
CK_ULONG symbols_joined(std::string_view text) {
  CK_ULONG number = 0;
  while (!text.empty()) {
    const auto bar = text.find('|');
    const auto name = text.substr(0, bar);
    const auto value = number_of_symbol(name);
    if (!value) fail("\"" + std::string(name) + "\" is no value and no known name");
    number |= *value;
    text = bar == std::string_view::npos ? std::string_view() : text.substr(bar + 1);
  }
  return number;
}

bool is_version(std::string_view text) {
  return std::ranges::count(text, '.') == 1 &&
         text.find_first_not_of("0123456789.") == std::string_view::npos;
}

bool is_quoted(std::string_view text, std::string_view opening, char closing) {
  return text.size() > opening.size() && text.starts_with(opening) && text.back() == closing;
}

CK_ULONG length_of(const Value& value) {
  if (const auto* bytes = std::get_if<Bytes>(&value)) return bytes->size();
  if (const auto* list = std::get_if<List>(&value)) return list->size();
  fail("a number has no length");
}

CK_ULONG entry_of(const Value& value, std::string_view place) {
  const auto* list = std::get_if<List>(&value);
  const auto index = plain_number(place);
  if (list == nullptr || !index) fail("[" + std::string(place) + "] of what is no list");
  if (*index >= list->size()) {
    fail("there is no entry " + std::string(place) + ": the list has " +
         std::to_string(list->size()));
  }
  return (*list)[*index];
}

}  // namespace

Value look_up(std::string_view name, const Values& values) {
  if (const auto found = values.find(name); found != values.end()) return found->second;
  if (name.ends_with(".length")) {
    return length_of(look_up(name.substr(0, name.size() - std::strlen(".length")), values));
  }
  if (const auto bracket = name.find('[');
      bracket != std::string_view::npos && name.back() == ']') {
    return entry_of(look_up(name.substr(0, bracket), values),
                    name.substr(bracket + 1, name.size() - bracket - 2));
  }
  fail("there is nothing named \"" + std::string(name) + "\"");
}

Value read_value(std::string_view text, const Values& variables) {
  if (text.starts_with('$')) return look_up(text.substr(1), variables);
  if (is_quoted(text, "\"", '"')) return bytes_of_text(text.substr(1, text.size() - 2));
  if (is_quoted(text, "x'", '\'')) {
    const auto bytes = from_hex(text.substr(2, text.size() - 3));
    if (!bytes) fail(std::string(text) + " is no hexadecimal");
    return *bytes;
  }
  if (text == "true") return Bytes{CK_TRUE};
  if (text == "false") return Bytes{CK_FALSE};
  if (const auto number = plain_number(text)) return *number;
  if (is_version(text)) return bytes_of_text(text);
  return symbols_joined(text);
}

Bytes bytes_of(const Value& value) {
  if (const auto* bytes = std::get_if<Bytes>(&value)) return *bytes;
  if (std::holds_alternative<List>(value)) fail("a list is no attribute's value");
  const CK_ULONG number = std::get<CK_ULONG>(value);
  Bytes bytes(sizeof number);
  std::memcpy(bytes.data(), &number, sizeof number);
  return bytes;
}

CK_ULONG number_of(const Value& value) {
  if (const auto* number = std::get_if<CK_ULONG>(&value)) return *number;
  const auto* bytes = std::get_if<Bytes>(&value);
  if (bytes == nullptr || bytes->size() != sizeof(CK_ULONG)) fail(show(value) + " is no number");
  CK_ULONG number = 0;
  std::memcpy(&number, bytes->data(), sizeof number);
  return number;
}

bool same(const Value& a, const Value& b) {
  if (a.index() == b.index()) return a == b;
  if (std::holds_alternative<List>(a) || std::holds_alternative<List>(b)) return false;
  return bytes_of(a) == bytes_of(b);
}

bool contains(const Value& whole, const Value& part) {
  const CK_ULONG wanted = number_of(part);
  if (const auto* list = std::get_if<List>(&whole)) return std::ranges::count(*list, wanted) > 0;
  return (number_of(whole) & wanted) == wanted;
}

std::string show(const Value& value) {
  if (const auto* number = std::get_if<CK_ULONG>(&value)) return std::to_string(*number);
  if (const auto* bytes = std::get_if<Bytes>(&value)) {
    const bool readable = std::ranges::all_of(*bytes, [](auto c) { return c >= 0x20 && c < 0x7f; });
    return readable ? "\"" + std::string(bytes->begin(), bytes->end()) + "\""
                    : "x'" + to_hex(*bytes) + "'";
  }
  std::string text;
  for (const CK_ULONG entry : std::get<List>(value)) {
    text += (text.empty() ? "" : ", ") + std::to_string(entry);
  }
  return "[" + text + "]";
}

}  // namespace signet::profiles
