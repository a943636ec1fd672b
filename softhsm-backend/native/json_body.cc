#include "softhsm-backend/native/json_body.h"

#include <algorithm>

#include "softhsm-backend/encoding.h"

namespace signet::emulator {

namespace {

bool is_json_type(std::string_view content_type) {
  std::string type(content_type.substr(0, content_type.find(';')));
  while (!type.empty() && type.back() == ' ') type.pop_back();
  std::ranges::transform(type, type.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return type == "application/json";
}

// Before the parser sees it: what is nested deeper than any request needs is not read at all.
bool nested_too_deep(std::string_view text) {
  std::size_t depth = 0;
  bool in_string = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char c = text[i];
    if (in_string) {
      if (c == '\\') ++i;
      if (c == '"') in_string = false;
      continue;
    }
    if (c == '"') in_string = true;
    if ((c == '[' || c == '{') && ++depth > kMaxJsonDepth) return true;
    if ((c == ']' || c == '}') && depth > 0) --depth;
  }
  return false;
}

Problem bad_member(const char* name, std::string_view what) {
  return problems::bad_parameter("\"" + std::string(name) + "\" " + std::string(what));
}

template <typename T>
Outcome<T> required(Outcome<std::optional<T>> value, const char* name) {
  if (value.has_error()) return std::move(value).assume_error();
  if (!value.assume_value()) return bad_member(name, "is missing");
  return *std::move(value).assume_value();
}

}  // namespace

Outcome<Json> read_json(const Request& request) {
  if (!is_json_type(request.header("Content-Type"))) return problems::wrong_content_type();
  if (nested_too_deep(request.body)) return problems::malformed("The JSON is nested too deep.");
  Json value = Json::parse(request.body, nullptr, false);
  if (value.is_discarded()) return problems::malformed("The body is not JSON in UTF-8.");
  return value;
}

Outcome<Json> read_object(const Request& request) {
  BOOST_OUTCOME_TRY(auto value, read_json(request));
  if (!value.is_object()) return problems::bad_parameter("The body must be a JSON object.");
  return value;
}

Outcome<std::optional<std::string>> optional_text(const Json& object, const char* name,
                                                  std::size_t max_bytes) {
  const auto member = object.find(name);
  if (member == object.end()) return std::optional<std::string>();
  if (!member->is_string()) return bad_member(name, "must be a string");
  const auto& text = member->get_ref<const std::string&>();
  if (text.size() > max_bytes) {
    return bad_member(name, "is longer than " + std::to_string(max_bytes) + " bytes");
  }
  return std::optional(text);
}

Outcome<std::string> required_text(const Json& object, const char* name, std::size_t max_bytes) {
  return required(optional_text(object, name, max_bytes), name);
}

Outcome<std::optional<Bytes>> optional_binary(const Json& object, const char* name,
                                              std::size_t max_bytes) {
  const std::size_t max_text = (max_bytes + 2) / 3 * 4;
  BOOST_OUTCOME_TRY(auto text, optional_text(object, name, max_text));
  if (!text) return std::optional<Bytes>();
  auto bytes = from_base64(*text);
  if (!bytes) return bad_member(name, "must be base64 with padding");
  if (bytes->size() > max_bytes) {
    return bad_member(name, "is longer than " + std::to_string(max_bytes) + " bytes");
  }
  return bytes;
}

Outcome<Bytes> required_binary(const Json& object, const char* name, std::size_t max_bytes) {
  return required(optional_binary(object, name, max_bytes), name);
}

Outcome<std::optional<std::int64_t>> optional_integer(const Json& object, const char* name) {
  const auto member = object.find(name);
  if (member == object.end()) return std::optional<std::int64_t>();
  const bool fits = member->is_number_integer() &&
                    (!member->is_number_unsigned() ||
                     member->get<std::uint64_t>() <= static_cast<std::uint64_t>(INT64_MAX));
  if (!fits) return bad_member(name, "must be an integer");
  return std::optional(member->get<std::int64_t>());
}

Outcome<bool> optional_flag(const Json& object, const char* name, bool otherwise) {
  const auto member = object.find(name);
  if (member == object.end()) return otherwise;
  if (!member->is_boolean()) return bad_member(name, "must be true or false");
  return member->get<bool>();
}

std::string text_of_json(const Json& value) {
  return value.dump(-1, ' ', false, Json::error_handler_t::replace);
}

}  // namespace signet::emulator
