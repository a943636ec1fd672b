#include "dsa-transport/native/json_reader.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "crypto/base64.h"
#include "dsa-transport/native/wire_values.h"

namespace signet::transport::native {

using nlohmann::json;

namespace {

constexpr int kMaxDepth = 32;

// Checked before parsing, so that no depth of nesting costs memory or stack.
bool too_deep(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > kMaxDepth) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

const json& empty_object() {
  static const json* const value = new json(json::object());
  return *value;
}

const json& empty_list() {
  static const json* const value = new json(json::array());
  return *value;
}

}  // namespace

Read<JsonDocument> parse_json(std::string_view text) {
  if (too_deep(text)) return WireError{"the JSON is nested too deeply"};
  auto document = JsonDocument::parse(text);
  if (!document) return WireError{"the body is not JSON"};
  return *std::move(document);
}

JsonReader::JsonReader(const json& value, std::string where)
    : value_(value), where_(std::move(where)) {
  if (!value_.is_object()) fail("is not a JSON object");
}

const json* JsonReader::find(const char* name) const {
  if (!value_.is_object()) return nullptr;
  const auto found = value_.find(name);
  if (found == value_.end() || found->is_null()) return nullptr;
  return &*found;
}

const json* JsonReader::need(const char* name) {
  const json* member = find(name);
  if (member == nullptr) fail_member(name, "is missing");
  return member;
}

void JsonReader::fail(std::string_view what) {
  if (!failed()) error_.what = fmt::format("{} {}", where_, what);
}

void JsonReader::fail_member(const char* name, std::string_view what) {
  if (!failed()) error_.what = fmt::format("{}: {} {}", where_, name, what);
}

bool JsonReader::has(const char* name) const {
  return find(name) != nullptr;
}

std::string JsonReader::text_of(const json& value, const char* name, std::size_t least,
                                std::size_t most) {
  const auto* text = value.get_ptr<const std::string*>();
  if (text == nullptr) {
    fail_member(name, "is not a string");
    return {};
  }
  if (text->size() < least || text->size() > most) {
    fail_member(name, "has a wrong length");
    return {};
  }
  return *text;
}

std::string JsonReader::text(const char* name, std::size_t least, std::size_t most) {
  const json* member = need(name);
  return member == nullptr ? std::string() : text_of(*member, name, least, most);
}

std::string JsonReader::optional_text(const char* name, std::size_t most) {
  return has(name) ? text(name, 0, most) : std::string();
}

Bytes JsonReader::bytes_of(const json& value, const char* name, std::size_t least,
                           std::size_t most) {
  auto bytes = crypto::from_base64(text_of(value, name, 0, crypto::base64_size(most)));
  if (!bytes) {
    fail_member(name, "is not base64");
    return {};
  }
  if (bytes->size() < least || bytes->size() > most) {
    fail_member(name, "has a wrong length");
    return {};
  }
  return *std::move(bytes);
}

Bytes JsonReader::base64(const char* name, std::size_t least, std::size_t most) {
  const json* member = need(name);
  return member == nullptr ? Bytes() : bytes_of(*member, name, least, most);
}

std::vector<Bytes> JsonReader::base64_list(const char* name, std::size_t least, std::size_t most) {
  std::vector<Bytes> values;
  for (const json& item : list(name)) values.push_back(bytes_of(item, name, least, most));
  return values;
}

std::uint64_t JsonReader::number(const char* name, std::uint64_t most) {
  const json* member = need(name);
  if (member == nullptr) return 0;
  if (!member->is_number_unsigned()) {
    fail_member(name, "is not a whole number");
    return 0;
  }
  const auto number = member->get<std::uint64_t>();
  if (number > most) {
    fail_member(name, "is too large");
    return 0;
  }
  return number;
}

std::uint64_t JsonReader::optional_number(const char* name, std::uint64_t most) {
  return has(name) ? number(name, most) : 0;
}

bool JsonReader::flag(const char* name) {
  const json* member = need(name);
  if (member == nullptr) return false;
  if (!member->is_boolean()) {
    fail_member(name, "is neither true nor false");
    return false;
  }
  return member->get<bool>();
}

std::chrono::system_clock::time_point JsonReader::time(const char* name) {
  const auto time = parse_time(text(name, 0, 40));
  if (time) return *time;
  fail_member(name, "is not a time");
  return {};
}

std::optional<std::chrono::system_clock::time_point> JsonReader::optional_time(const char* name) {
  if (!has(name)) return std::nullopt;
  return time(name);
}

std::vector<std::string> JsonReader::texts(const char* name) {
  std::vector<std::string> texts;
  for (const json& item : list(name)) {
    const auto* text = item.get_ptr<const std::string*>();
    if (text == nullptr) {
      fail_member(name, "has an item that is not a string");
      return {};
    }
    texts.push_back(*text);
  }
  return texts;
}

const json& JsonReader::object(const char* name) {
  const json* member = need(name);
  if (member != nullptr && member->is_object()) return *member;
  fail_member(name, "is not an object");
  return empty_object();
}

const json& JsonReader::list(const char* name) {
  const json* member = need(name);
  if (member != nullptr && member->is_array()) return *member;
  fail_member(name, "is not a list");
  return empty_list();
}

}  // namespace signet::transport::native
