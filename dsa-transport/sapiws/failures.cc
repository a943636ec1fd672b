#include "dsa-transport/sapiws/failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "common/log_line.h"

namespace signet::transport::sapiws {

namespace {

struct CodeRow {
  std::string_view code;  // lower case
  Failure failure;
  std::string_view sentence;
};

// SAPIErrors.h and SAPIUMErrors.h of the vendor's SDK.
constexpr auto kCodes = std::to_array<CodeRow>({
    {"900201a1", Failure::password_policy, "the new password is the old one"},
    {"900201e0", Failure::wrong_password, "wrong user or password"},
    {"900201e1", Failure::account_locked, "the key is locked"},
    {"900201e2", Failure::account_locked,
     "the account is locked after too many wrong passwords; an administrator can unlock it"},
    {"900201e3", Failure::password_expired,
     "the password has expired; change it: everything else is refused until then"},
    {"900201e4", Failure::account_disabled, "the account is disabled"},
    {"900201e5", Failure::account_not_activated, "the account is not activated yet"},
    {"900201e6", Failure::password_policy, "the new password is against the policy"},
    {"900201e7", Failure::password_policy, "the password was changed too recently"},
    {"900201ea", Failure::sign_credential_wrong, "the key's second credential is missing or wrong"},
    {"900201eb", Failure::not_permitted, "the account may not do this"},
    {"90020113", Failure::busy, "the appliance is busy or blocked"},
    {"90020110", Failure::appliance_fault, "the appliance does not reach its own parts"},
    {"90020111", Failure::appliance_fault, "the appliance does not reach its own parts"},
    {"90020112", Failure::appliance_fault, "the appliance does not reach its own parts"},
    {"90020150", Failure::password_policy, "the new password is refused"},
    {"90020300", Failure::wrong_password, "wrong user or password"},
    {"90030100", Failure::not_supported, "the appliance does not offer this"},
    {"90030150", Failure::not_supported, "the appliance does not offer this"},
    {"900302b0", Failure::no_such_object,
     "the account has several certificates, and the appliance does not know which is meant"},
    {"900302d0", Failure::no_such_object, "the account has no such certificate"},
    {"90030384", Failure::digest_length, "the digest has a wrong length"},
    {"90030385", Failure::not_supported, "the appliance does not offer this"},
    {"90030702", Failure::bad_parameter, "the appliance refuses a parameter"},
    {"90030704", Failure::exists_already, "the object exists already"},
    {"90030705", Failure::no_such_object, "the appliance has no such object"},
    {"90030818", Failure::appliance_fault, "the appliance's licence has expired"},
});

struct WordRow {
  std::string_view minor;  // its end; empty: any
  std::string_view words;  // lower case, in the message; empty: any
  Failure failure;
  std::string_view sentence;
};

// As recorded on the wire, the vendor's spelling included.
constexpr auto kWords = std::to_array<WordRow>({
    {"", "not suported by this profile", Failure::not_supported,
     "this firmware does not sign what PKCS#11 needs (RSASSA-PKCS1-v1_5); only a newer one can "
     "serve "
     "this token"},
    {"", "missing or not suported", Failure::not_supported, "the appliance does not offer this"},
    {"", "unsupported hash algorithm", Failure::not_supported,
     "the appliance does not have this hash"},
    {"", "sign password", Failure::sign_credential_wrong,
     "the key's second credential is missing or wrong"},
    {":AuthenticationError", "", Failure::wrong_password, "wrong user or password"},
    {"", "no password", Failure::wrong_password, "the password is empty"},
    {"", "password", Failure::wrong_password, "wrong user or password"},
    {"", "user name", Failure::wrong_password, "wrong user or password"},
    {":NotSupported", "", Failure::not_supported, "the appliance does not offer this"},
    {":InsufficientInformation", "", Failure::bad_parameter,
     "the appliance misses something in the request"},
    {":GeneralError", "", Failure::appliance_fault, "the appliance reports a fault"},
});

struct SpmlRow {
  std::string_view error;
  Failure failure;
  std::string_view sentence;
};

constexpr auto kSpml = std::to_array<SpmlRow>({
    {"noSuchIdentifier", Failure::bad_parameter, "there is no such user"},
    {"unsupportedOperation", Failure::not_supported, "the appliance does not offer this"},
    {"malformedRequest", Failure::bad_parameter, "the appliance does not understand the request"},
});

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

bool is_hexadecimal(char c) {
  return std::isxdigit(static_cast<unsigned char>(c)) != 0;
}

Verdict verdict(Failure failure, std::string_view sentence, std::string_view said,
                const https::Response& response, std::string code) {
  std::string text(sentence);
  constexpr std::size_t most = 200;
  if (!said.empty()) text += fmt::format(" (it says: {})", log::printable(said.substr(0, most)));
  auto kind = Verdict::Kind::refused;
  if (failure == Failure::busy) kind = Verdict::Kind::busy;
  if (failure == Failure::appliance_fault) kind = Verdict::Kind::faulty;
  return {kind,
          {failure, std::move(text), {response.status, std::move(code), response.request_id}}};
}

// Nothing where the text has no code that is known.
std::optional<Verdict> verdict_of_code(std::string_view text, const https::Response& response) {
  const std::string code = sapi_code_in(text);
  if (code.empty()) return std::nullopt;
  const auto* const row =
      std::ranges::find(kCodes, std::string_view(code).substr(2), &CodeRow::code);
  if (row == kCodes.end()) {
    return verdict(Failure::appliance_fault, "the appliance reports a fault", text, response, code);
  }
  return verdict(row->failure, row->sentence, text, response, code);
}

}  // namespace

std::string sapi_code_in(std::string_view text) {
  constexpr std::size_t digits = 8;
  const std::string lowered = lower(text);
  for (std::size_t at = 0; at + digits <= lowered.size(); ++at) {
    const std::string_view code = std::string_view(lowered).substr(at, digits);
    const bool before = at == 0 || !is_hexadecimal(lowered[at - 1]) ||
                        std::string_view(lowered).substr(0, at).ends_with("0x");
    const bool after = at + digits == lowered.size() || !is_hexadecimal(lowered[at + digits]);
    if (!before || !after || !std::ranges::all_of(code, is_hexadecimal)) continue;
    if (code.starts_with("9002") || code.starts_with("9003") || code.starts_with("9001")) {
      return "0x" + std::string(code);
    }
  }
  return {};
}

Verdict verdict_of_status(const https::Response& response) {
  if (response.status == 429 || response.status == 503) {
    return verdict(Failure::busy, "the appliance is busy", "", response, "");
  }
  if (response.status >= 500) {
    return verdict(Failure::appliance_fault, "the appliance reports a fault", "", response, "");
  }
  return {Verdict::Kind::faulty,
          {Failure::bad_answer,
           "an answer that the SOAP service does not define; check the member's url",
           {response.status, {}, response.request_id}}};
}

Verdict verdict_of(const DssAnswer& answer, const https::Response& response) {
  if (auto known = verdict_of_code(answer.message, response)) return *std::move(known);
  const std::string message = lower(answer.message);
  for (const WordRow& row : kWords) {
    if (!answer.minor.ends_with(row.minor)) continue;
    if (message.find(row.words) == std::string::npos) continue;
    return verdict(row.failure, row.sentence, answer.message, response, "");
  }
  return verdict(Failure::appliance_fault, "the appliance reports a fault", answer.message,
                 response, "");
}

Verdict verdict_of(const SpmlAnswer& answer, const https::Response& response) {
  if (auto known = verdict_of_code(answer.message, response)) return *std::move(known);
  const auto* const row = std::ranges::find(kSpml, answer.error, &SpmlRow::error);
  if (row != kSpml.end()) return verdict(row->failure, row->sentence, answer.message, response, "");
  const std::string message = lower(answer.message);
  if (message.find("password") != std::string::npos) {
    return verdict(Failure::wrong_password, "wrong user or password", answer.message, response, "");
  }
  return verdict(Failure::not_permitted, "the account may not do this", answer.message, response,
                 "");
}

}  // namespace signet::transport::sapiws
