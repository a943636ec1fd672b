#include "softhsm-backend/csc/answers.h"

#include "common/json_text.h"
#include "softhsm-backend/encoding.h"

namespace signet::emulator::csc {

namespace {

constexpr std::size_t kMostHashes = 100;

}  // namespace

Refused invalid(std::string description) {
  return {.description = std::move(description)};
}

Answer answer_of(const boost::json::object& object, unsigned status) {
  Answer answer{.status = status, .body = json_text(object)};
  answer.headers.emplace_back("Content-Type", "application/json");
  return answer;
}

Answer answer_of(const Refused& refused) {
  boost::json::object object{{"error", refused.error}};
  if (!refused.description.empty()) object["error_description"] = refused.description;
  Answer answer = answer_of(object, refused.status);
  if (refused.status == 401) answer.headers.emplace_back("WWW-Authenticate", refused.challenge);
  return answer;
}

std::optional<std::string> text_in(const boost::json::object& body, const char* name) {
  const auto* const member = body.if_contains(name);
  if (member == nullptr || !member->is_string()) return std::nullopt;
  return std::string(member->get_string());
}

Outcome<std::string> required_text(const boost::json::object& body, const char* name) {
  auto text = text_in(body, name);
  if (text && !text->empty()) return *std::move(text);
  return invalid("Missing (or invalid type) string parameter " + std::string(name));
}

Outcome<std::optional<std::int64_t>> number_in(const boost::json::object& body, const char* name) {
  const auto* const member = body.if_contains(name);
  if (member == nullptr || member->is_null()) return std::optional<std::int64_t>();
  if (member->is_int64()) return std::optional(member->get_int64());
  // pyHanko and version 1 of the specification write some numbers as text.
  if (member->is_string()) {
    if (const auto number = read_unsigned(std::string_view(member->get_string()))) {
      return std::optional(static_cast<std::int64_t>(*number));
    }
  }
  return invalid("Missing (or invalid type) integer parameter " + std::string(name));
}

bool flag_in(const boost::json::object& body, const char* name, bool otherwise) {
  const auto* const member = body.if_contains(name);
  return member != nullptr && member->is_bool() ? member->get_bool() : otherwise;
}

Outcome<std::vector<Bytes>> hashes_in(const boost::json::object& body,
                                      std::initializer_list<const char*> names) {
  std::vector<Bytes> hashes;
  for (const char* const name : names) {
    const auto* const member = body.if_contains(name);
    if (member == nullptr || member->is_null()) continue;
    const std::string named(name);
    if (!member->is_array() || member->get_array().size() > kMostHashes) {
      return invalid("Missing (or invalid type) array parameter " + named);
    }
    for (const auto& item : member->get_array()) {
      auto hash = item.is_string() ? from_base64(item.get_string()) : std::nullopt;
      if (!hash) return invalid("Invalid Base64 " + named + " string parameter");
      hashes.push_back(*std::move(hash));
    }
    break;
  }
  return hashes;
}

}  // namespace signet::emulator::csc
