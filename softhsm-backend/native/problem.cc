#include "softhsm-backend/native/problem.h"

#include "common/json_text.h"

namespace signet::emulator {

namespace {

constexpr const char* kBadParameter = "0x90030702";
constexpr const char* kNoSuchObject = "0x90030705";

Problem make(unsigned status, const char* sapi_code, const char* title, std::string detail) {
  return {.status = status,
          .sapi_code = sapi_code,
          .title = title,
          .detail = std::move(detail),
          .headers = {},
          .primary = {}};
}

}  // namespace

Answer to_answer(const Problem& problem) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", problem.title},
                           {"status", problem.status},
                           {"detail", problem.detail}};
  if (!problem.sapi_code.empty()) body["sapiCode"] = problem.sapi_code;
  if (!problem.primary.empty()) body["primary"] = problem.primary;
  return {.status = problem.status, .body = json_text(body), .headers = problem.headers};
}

namespace problems {

Problem wrong_password() {
  Problem problem = make(401, "0x900201E0", "Wrong user or password",
                         "The user is unknown or the password is wrong.");
  problem.headers.emplace_back("WWW-Authenticate", "Basic realm=\"dsa\", charset=\"UTF-8\"");
  return problem;
}

Problem key_locked(std::string detail) {
  return make(403, "0x900201E1", "Key locked", std::move(detail));
}

Problem account_locked() {
  return make(403, "0x900201E2", "Account locked",
              "Too many wrong passwords; an administrator must unlock the account.");
}

Problem password_expired() {
  return make(403, "0x900201E3", "Password expired",
              "Only PUT /account/password works until the password is changed.");
}

Problem account_disabled() {
  return make(403, "0x900201E4", "Account disabled", "An administrator disabled the account.");
}

Problem account_not_activated() {
  return make(403, "0x900201E5", "Account not activated", "The account was never activated.");
}

Problem sign_credential(std::string detail) {
  return make(403, "0x900201EA", "Sign credential refused", std::move(detail));
}

Problem not_permitted() {
  return make(403, "0x900201EB", "Not permitted", "Only an administrator may do this.");
}

Problem no_such_object(std::string detail) {
  return make(404, kNoSuchObject, "No such object", std::move(detail));
}

Problem exists_already(std::string detail) {
  return make(409, "0x90030704", "Exists already", std::move(detail));
}

Problem set_changed() {
  return make(409, "0x90030704", "Objects changed",
              "The set of objects changed between two pages; start again without a cursor.");
}

Problem misdirected(std::string primary) {
  Problem problem =
      make(421, "", "Not the primary", "Only the primary changes keys and certificates.");
  problem.primary = std::move(primary);
  return problem;
}

Problem password_policy(std::string detail) {
  return make(422, "0x900201E6", "New password against policy", std::move(detail));
}

Problem password_length(std::string detail) {
  return make(422, "0x900201E7", "New password of a wrong length", std::move(detail));
}

Problem digest_length(std::string detail) {
  return make(422, "0x90030384", "Wrong digest length", std::move(detail));
}

Problem bad_parameter(std::string detail) {
  return make(422, kBadParameter, "Bad parameter", std::move(detail));
}

Problem idempotency_conflict() {
  return bad_parameter("This Idempotency-Key was used with another request.");
}

Problem key_limit() {
  return make(507, "0x90037008", "Key limit reached", "The account may not have more keys.");
}

Problem certificate_limit() {
  return make(507, "0x90037009", "Certificate limit reached",
              "The account may not have more certificates.");
}

Problem busy(std::string detail) {
  Problem problem = make(503, "0x90020113", "Busy", std::move(detail));
  problem.headers.emplace_back("Retry-After", "1");
  return problem;
}

Problem appliance_fault() {
  return make(500, "0x90010001", "Appliance fault", "The appliance failed; its log says why.");
}

Problem malformed(std::string detail) {
  return make(400, kBadParameter, "Malformed request", std::move(detail));
}

Problem no_such_path() {
  return make(404, kNoSuchObject, "No such resource", "Nothing lies at this path.");
}

Problem wrong_method(const std::string& allowed) {
  Problem problem =
      make(405, kBadParameter, "Method not allowed", "This resource offers: " + allowed);
  problem.headers.emplace_back("Allow", allowed);
  return problem;
}

Problem too_large(std::string detail) {
  return make(413, kBadParameter, "Content too large", std::move(detail));
}

Problem wrong_content_type() {
  return make(415, kBadParameter, "Unsupported media type",
              "A request with a body needs Content-Type: application/json.");
}

Problem header_too_large() {
  return make(431, kBadParameter, "Header too large", "The request's header is over the limit.");
}

}  // namespace problems

}  // namespace signet::emulator
