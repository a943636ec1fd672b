#include "dsa-transport/native/problem.h"

#include <fmt/format.h>

#include <algorithm>
#include <cctype>

#include "common/log_line.h"
#include "dsa-transport/json_reader.h"

namespace signet::transport::native {

namespace {

struct Row {
  int status;
  std::string_view sapi_code;  // empty: every other code of this status
  Failure failure;
  std::string_view sentence;
};

constexpr Row kRows[] = {
    {400, "", Failure::bad_parameter, "the appliance does not understand the request"},
    {401, "", Failure::wrong_password, "wrong user or password"},
    {403, "0x900201E1", Failure::account_locked, "the key or the account is locked"},
    {403, "0x900201E2", Failure::account_locked,
     "the account is locked after too many wrong passwords; an administrator can unlock it"},
    {403, "0x900201E3", Failure::password_expired,
     "the password has expired; change it: everything else is refused until then"},
    {403, "0x900201E4", Failure::account_disabled, "the account is disabled"},
    {403, "0x900201E5", Failure::account_not_activated, "the account is not activated yet"},
    {403, "0x900201EA", Failure::sign_credential_wrong,
     "the key's second credential is missing or wrong"},
    {403, "", Failure::not_permitted, "the account may not do this"},
    {404, "0x90030705", Failure::no_such_object, "there is no such object on the appliance"},
    {404, "", Failure::no_such_object, "the appliance has nothing at this address"},
    {405, "", Failure::not_supported, "the appliance does not offer this call"},
    {409, "0x90030704", Failure::exists_already, "the object exists already"},
    {409, "", Failure::exists_already, "the request conflicts with what the appliance holds"},
    {413, "", Failure::bad_parameter, "the request is too large for the appliance"},
    {415, "", Failure::not_supported, "the appliance does not take this type of content"},
    {422, "0x900201E6", Failure::password_policy, "the new password is against the policy"},
    {422, "0x900201E7", Failure::password_length, "the new password has a wrong length"},
    {422, "0x90030384", Failure::digest_length, "the digest has a wrong length"},
    {422, "", Failure::bad_parameter, "the appliance refuses a parameter"},
    {429, "", Failure::busy, "the appliance is busy"},
    {503, "", Failure::busy, "the appliance is busy or blocked"},
    {501, "", Failure::not_supported, "the appliance does not offer this"},
    {507, "", Failure::storage_full, "the appliance's limit of keys or certificates is reached"},
};

constexpr Row kFault = {0, "", Failure::appliance_fault, "the appliance reports a fault"};
constexpr Row kStrange = {0, "", Failure::bad_answer,
                          "an answer that the contract does not define; check the member's url"};

bool same_code(std::string_view a, std::string_view b) {
  return std::ranges::equal(
      a, b, [](unsigned char x, unsigned char y) { return std::tolower(x) == std::tolower(y); });
}

// The contract's errors are all problem+json; a bare 404 is some other server's.
const Row& row_for(int status, const Problem& problem) {
  if (status == 404 && !problem.well_formed) return kStrange;
  const Row* general = nullptr;
  for (const Row& row : kRows) {
    if (row.status != status) continue;
    if (row.sapi_code.empty()) general = &row;
    if (!row.sapi_code.empty() && same_code(row.sapi_code, problem.sapi_code)) return row;
  }
  if (general != nullptr) return *general;
  return status >= 500 ? kFault : kStrange;
}

// Foreign text for logs, error sentences and terminals: short, on one line, and nothing that hides or turns it.
std::string tame(std::string_view text) {
  constexpr std::size_t most = 200;
  return log::printable(text.substr(0, most));
}

std::string text_in(const boost::json::object& object, const char* name) {
  const auto* const member = object.if_contains(name);
  return member != nullptr && member->is_string() ? tame(member->get_string()) : std::string();
}

}  // namespace

Problem read_problem(const https::Response& answer) {
  Problem problem;
  if (answer.media_type != "application/problem+json") return problem;
  JsonDocument document;
  const auto value = document.parse(answer.body);
  if (!value || !value.value()->is_object()) return problem;
  const auto& object = value.value()->get_object();
  problem.well_formed = true;
  problem.sapi_code = text_in(object, "sapiCode");
  problem.title = text_in(object, "title");
  problem.detail = text_in(object, "detail");
  return problem;
}

ApplianceError error_from(const https::Response& answer, const Problem& problem) {
  const Row& row = row_for(answer.status, problem);
  std::string sentence(row.sentence);
  const std::string& words = problem.detail.empty() ? problem.title : problem.detail;
  if (!words.empty()) sentence += fmt::format(" (it says: {})", words);
  return {row.failure, std::move(sentence), {answer.status, problem.sapi_code, answer.request_id}};
}

}  // namespace signet::transport::native
