#include "common/json_text.h"

#include <boost/json/serialize.hpp>

#include "common/utf8.h"

namespace signet {

namespace {

// JSON has one colon outside of strings for each member.
std::size_t members_in(std::string_view text) {
  std::size_t count = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '\\') {
      ++i;
    } else if (text[i] == '"') {
      in_string = !in_string;
    } else if (text[i] == ':' && !in_string) {
      ++count;
    }
  }
  return count;
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

bool repeats_a_name(std::string_view text, const boost::json::value& value) {
  return members_in(text) != members_in(value);
}

std::string json_text(const boost::json::value& value) {
  return repaired_utf8(boost::json::serialize(value));
}

}  // namespace signet
