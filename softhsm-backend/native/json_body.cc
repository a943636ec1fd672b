#include "softhsm-backend/native/json_body.h"

#include "softhsm-backend/encoding.h"

namespace signet::emulator {

namespace {

// The member of an object; null where there is none.
const Json* member_of(const Json& object, const char* name) {
  return object.as_object().if_contains(name);
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
  if (media_type(request.header("Content-Type")) != "application/json")
    return problems::wrong_content_type();
  boost::json::parse_options limits;
  limits.max_depth = kMaxJsonDepth;
  const auto memory = boost::json::make_shared_resource<WipingMemory>();
  boost::json::parser parser(memory, limits);
  parser.reset(memory);
  boost::json::error_code error;
  parser.write(request.body, error);
  if (error == boost::json::error::too_deep)
    return problems::malformed("The JSON is nested too deeply.");
  if (error) return problems::malformed("The body is not JSON in UTF-8.");
  Json value = parser.release();
  if (repeats_a_name(request.body, value))
    return problems::malformed("The JSON has a duplicate name in an object.");
  return value;
}

Outcome<Json> read_object(const Request& request) {
  BOOST_OUTCOME_TRY(auto value, read_json(request));
  if (!value.is_object()) return problems::bad_parameter("The body must be a JSON object.");
  return value;
}

Outcome<std::optional<std::string>> optional_text(const Json& object, const char* name,
                                                  std::size_t max_bytes) {
  const Json* const member = member_of(object, name);
  if (member == nullptr) return std::optional<std::string>();
  if (!member->is_string()) return bad_member(name, "must be a string");
  const std::string_view text = member->get_string();
  if (text.size() > max_bytes) {
    return bad_member(name, "is longer than " + std::to_string(max_bytes) + " bytes");
  }
  return std::optional(std::string(text));
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
  const Json* const member = member_of(object, name);
  if (member == nullptr) return std::optional<std::int64_t>();
  if (!member->is_int64()) return bad_member(name, "must be an integer");
  return std::optional(member->get_int64());
}

Outcome<bool> optional_flag(const Json& object, const char* name, bool otherwise) {
  const Json* const member = member_of(object, name);
  if (member == nullptr) return otherwise;
  if (!member->is_bool()) return bad_member(name, "must be true or false");
  return member->get_bool();
}

}  // namespace signet::emulator
