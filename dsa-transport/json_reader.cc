#include "dsa-transport/json_reader.h"

#include <fmt/format.h>

#include <boost/json/parser.hpp>

#include "common/json_text.h"
#include "crypto/base64.h"
#include "dsa-transport/wire_text.h"

namespace signet::transport {

namespace json = boost::json;

namespace {

constexpr std::size_t kMaxDepth = 32;

// The objects that dialects read have some dozens.
constexpr std::size_t kMostMembers = 1000;

}  // namespace

Read<const json::value*> JsonDocument::parse(std::string_view text, std::size_t most_values) {
  const JsonAmount amount = amount_of_json(text);
  if (amount.values > most_values) return WireError{"the JSON has too many values"};
  if (amount.members > kMostMembers)
    return WireError{"the JSON has an object with too many members"};
  json::parse_options limits;
  limits.max_depth = kMaxDepth;
  json::error_code error;
  Buffer working;
  json::parser parser(json::storage_ptr(&heap_), limits, working.bytes.data(),
                      working.bytes.size());
  parser.reset(&memory_);
  parser.write(text, error);
  if (!error) root_ = parser.release();
  if (error == json::error::too_deep) return WireError{"the JSON is nested too deeply"};
  if (error) return WireError{"the body is not JSON"};
  if (repeats_a_name(text, root_)) return WireError{"the JSON has a duplicate name in an object"};
  return &root_;
}

JsonReader::JsonReader(const json::value* value, std::string where)
    : object_(value == nullptr ? nullptr : value->if_object()), where_(std::move(where)) {
  if (object_ == nullptr) fail("is not a JSON object");
}

const json::value* JsonReader::find(const char* name) const {
  const json::value* const member = object_ == nullptr ? nullptr : object_->if_contains(name);
  return member == nullptr || member->is_null() ? nullptr : member;
}

const json::value* JsonReader::need(const char* name) {
  const json::value* const member = find(name);
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

std::string_view JsonReader::text_of(const json::value& value, const char* name, std::size_t least,
                                     std::size_t most) {
  const auto* const text = value.if_string();
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
  const json::value* const member = need(name);
  return member == nullptr ? std::string() : std::string(text_of(*member, name, least, most));
}

std::string JsonReader::optional_text(const char* name, std::size_t most) {
  return has(name) ? text(name, 0, most) : std::string();
}

Bytes JsonReader::bytes_of(const json::value& value, const char* name, std::size_t least,
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
  const json::value* const member = need(name);
  return member == nullptr ? Bytes() : bytes_of(*member, name, least, most);
}

std::vector<Bytes> JsonReader::base64_list(const char* name, std::size_t least, std::size_t most) {
  const auto items = list(name);
  std::vector<Bytes> values;
  values.reserve(items.size());
  for (const json::value& item : items) values.push_back(bytes_of(item, name, least, most));
  return values;
}

std::uint64_t JsonReader::number_of(const json::value& value, const char* name,
                                    std::uint64_t most) {
  // What fits into a signed number is one.
  const auto* const big = value.if_uint64();
  const auto* const small = value.if_int64();
  if (big == nullptr && (small == nullptr || *small < 0)) {
    fail_member(name, "is not a whole number");
    return 0;
  }
  const std::uint64_t number = big != nullptr ? *big : static_cast<std::uint64_t>(*small);
  if (number > most) {
    fail_member(name, "is too large");
    return 0;
  }
  return number;
}

std::uint64_t JsonReader::number(const char* name, std::uint64_t most) {
  const json::value* const member = need(name);
  return member == nullptr ? 0 : number_of(*member, name, most);
}

std::uint64_t JsonReader::optional_number(const char* name, std::uint64_t most) {
  return has(name) ? number(name, most) : 0;
}

std::vector<std::uint64_t> JsonReader::numbers(const char* name, std::uint64_t most) {
  std::vector<std::uint64_t> numbers;
  for (const json::value& item : list(name, kMostWords))
    numbers.push_back(number_of(item, name, most));
  return numbers;
}

bool JsonReader::flag(const char* name) {
  const json::value* const member = need(name);
  if (member == nullptr) return false;
  if (!member->is_bool()) {
    fail_member(name, "is neither true nor false");
    return false;
  }
  return member->get_bool();
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
  for (const json::value& item : list(name, kMostWords)) {
    const auto* const text = item.if_string();
    if (text == nullptr) {
      fail_member(name, "has an item that is not a string");
      return {};
    }
    texts.emplace_back(*text);
  }
  return texts;
}

const json::value* JsonReader::object(const char* name) {
  const json::value* const member = need(name);
  if (member != nullptr && member->is_object()) return member;
  fail_member(name, "is not an object");
  return nullptr;
}

std::span<const json::value> JsonReader::list(const char* name, std::size_t most) {
  const json::value* const member = need(name);
  const auto* const list = member == nullptr ? nullptr : member->if_array();
  if (list != nullptr && list->size() <= most) return {list->data(), list->size()};
  fail_member(name, list == nullptr ? "is not a list" : "has too many items");
  return {};
}

}  // namespace signet::transport
