#include "common/json_text.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json/serialize.hpp>
#include <boost/json/serializer.hpp>
#include <utility>

#include "common/printable.h"
#include "common/utf8.h"

namespace signet {

namespace {

// Calls `visit(character)` for each character outside of strings.
template <typename Visit>
void visit_outside_strings(std::string_view text, Visit visit) {
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (!in_string) {
      visit(text[i]);
    }
  }
}

std::size_t members_in(const boost::json::value& value) {
  std::size_t count = 0;
  if (const auto* const object = value.if_object()) {
    for (const auto& member : *object) count += 1 + members_in(member.value());
  } else if (const auto* const list = value.if_array()) {
    for (const auto& item : *list) count += members_in(item);
  }
  return count;
}

}  // namespace

JsonAmount amount_of_json(std::string_view text) {
  // The first value of each list or object follows a bracket, each other a comma; a member has a colon.
  JsonAmount amount{.values = 1, .members = 0};
  std::array<std::size_t, 64>
      members{};  // of the open lists and objects; deeper ones share the last
  std::size_t depth = 0;
  const auto innermost = [&]() -> std::size_t& {
    return members.at(std::min(depth, members.size() - 1));
  };
  visit_outside_strings(text, [&](char c) {
    if (c == '{' || c == '[') {
      ++depth;
      innermost() = 0;
    } else if ((c == '}' || c == ']') && depth > 0) {
      --depth;
    }
    if (c == '{' || c == '[' || c == ',') ++amount.values;
    if (c == ':') amount.members = std::max(amount.members, ++innermost());
  });
  return amount;
}

bool repeats_a_name(std::string_view text, const boost::json::value& value) {
  // JSON has one colon outside of strings for each member.
  std::size_t colons = 0;
  visit_outside_strings(text, [&](char c) { colons += c == ':' ? 1U : 0U; });
  return colons != members_in(value);
}

std::string json_text(const boost::json::value& value) {
  const std::string serialized = boost::json::serialize(value);
  std::string text;
  for (std::string_view rest = serialized; !rest.empty();) {
    const Utf8Piece piece = first_piece(rest);
    if (!piece.valid) {
      text += "\xEF\xBF\xBD";
    } else if (is_printable(piece.character)) {
      text += rest.substr(0, piece.size);
    } else {
      text += fmt::format("\\u{:04x}", static_cast<unsigned>(piece.character));
    }
    rest.remove_prefix(piece.size);
  }
  return text;
}

boost::json::string wiped_json_string(std::string_view text, boost::json::storage_ptr memory) {
  boost::json::string result(std::move(memory));
  result.reserve(sizeof(boost::json::string));
  result = text;
  return result;
}

WipedText wiped_json_text(const boost::json::object& object) {
  boost::json::serializer serializer;
  serializer.reset(&object);
  WipedText text(1024);
  std::size_t size = serializer.read(text.data(), text.size()).size();
  while (!serializer.done()) {
    text.resize(2 * text.size());
    size += serializer.read(text.data() + size, text.size() - size).size();
  }
  text.resize(size);
  return text;
}

}  // namespace signet
