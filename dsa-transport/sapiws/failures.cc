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

constexpr std::string_view kNoSuchType = "not suported by this profile";

// As recorded on the wire, the vendor's spelling included; those about new passwords stand before every other password.
constexpr auto kWords = std::to_array<WordRow>({
    {"", kNoSuchType, Failure::not_supported,
     "this firmware does not sign what PKCS#11 needs (RSASSA-PKCS1-v1_5); only a newer one can "
     "serve "
     "this token"},
    {"", "missing or not suported", Failure::not_supported, "the appliance does not offer this"},
    {"", "unsupported hash algorithm", Failure::not_supported,
     "the appliance does not have this hash"},
    {"", "sign password", Failure::sign_credential_wrong,
     "the key's second credential is missing or wrong"},
    {"", "password policy", Failure::password_policy, "the new password is against the policy"},
    {":AuthenticationError", "", Failure::wrong_password, "wrong user or password"},
    {"", "new password", Failure::password_policy, "the new password is refused"},
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

// On what the appliance has refused, so that nothing was done.
Verdict verdict(Failure failure, std::string_view sentence, std::string_view said,
                const https::Response& response, std::string code) {
  std::string text(sentence);
  constexpr std::size_t most = 200;
  if (!said.empty()) text += fmt::format(" (it says: {})", log::printable(said.substr(0, most)));
  Verdict made{Verdict::Kind::refused,
               {failure, std::move(text), {response.status, std::move(code), response.request_id}}};
  if (failure == Failure::busy) made.kind = Verdict::Kind::busy;
  if (failure == Failure::appliance_fault) made.kind = Verdict::Kind::faulty;
  made.untouched = true;
  return made;
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

// Nothing where no words are known.
std::optional<Verdict> verdict_of_words(std::string_view minor, std::string_view text,
                                        const https::Response& response) {
  const std::string message = lower(text);
  for (const WordRow& row : kWords) {
    if (!minor.ends_with(row.minor)) continue;
    if (message.find(row.words) == std::string::npos) continue;
    return verdict(row.failure, row.sentence, text, response, "");
  }
  return std::nullopt;
}

Verdict verdict_of(const DssAnswer& answer, const https::Response& response) {
  if (auto known = verdict_of_code(answer.message, response)) return *std::move(known);
  if (auto known = verdict_of_words(answer.minor, answer.message, response)) {
    return *std::move(known);
  }
  return verdict(Failure::appliance_fault, "the appliance reports a fault", answer.message,
                 response, "");
}

Verdict verdict_of(const SpmlAnswer& answer, const https::Response& response) {
  if (auto known = verdict_of_code(answer.message, response)) return *std::move(known);
  const auto* const row = std::ranges::find(kSpml, answer.error, &SpmlRow::error);
  if (row != kSpml.end()) return verdict(row->failure, row->sentence, answer.message, response, "");
  if (auto known = verdict_of_words("", answer.message, response)) return *std::move(known);
  return verdict(Failure::not_permitted, "the account may not do this", answer.message, response,
                 "");
}

// A fault of the server says nothing of what became of the request, unless its text has a code.
Verdict verdict_of(const SoapFault& fault, const https::Response& response) {
  if (auto known = verdict_of_code(fault.text, response)) return *std::move(known);
  if (fault.of_request) {
    return verdict(Failure::bad_parameter, "the appliance does not understand the request",
                   fault.text, response, "");
  }
  Verdict unknown =
      verdict(Failure::appliance_fault, "the appliance reports a fault", fault.text, response, "");
  unknown.untouched = false;
  return unknown;
}

Verdict verdict_of_status(const https::Response& response) {
  struct Row {
    int status;
    Failure failure;
    std::string_view sentence;
  };
  constexpr auto rows = std::to_array<Row>({
      {401, Failure::access_refused,
       "what stands before the SOAP service wants a login, of which the service knows nothing"},
      {403, Failure::access_refused,
       "what stands before the SOAP service lets nobody in from here"},
      {429, Failure::busy, "the appliance is busy"},
      {503, Failure::busy, "the appliance is busy"},
  });
  const auto* const row = std::ranges::find(rows, response.status, &Row::status);
  const bool server = response.status >= 500;
  Verdict made = row != rows.end() ? verdict(row->failure, row->sentence, "", response, "")
                 : server ? verdict(Failure::appliance_fault, "the appliance reports a fault", "",
                                    response, "")
                          : verdict(Failure::bad_answer,
                                    "an answer that the SOAP service does not define; check the "
                                    "member's url",
                                    "", response, "");
  if (made.kind != Verdict::Kind::busy) made.kind = Verdict::Kind::faulty;
  made.untouched = response.status >= 300 && !server;
  return made;
}

// On a response that is no answer to the call.
Verdict verdict_without_answer(const https::Response& response, const WireError& error,
                               Deadline deadline) {
  if (error.out_of_time) return bad_answer(response, error);
  if (const auto fault = read_fault(response.body, deadline)) return verdict_of(*fault, response);
  if (response.status != https::kOk) return verdict_of_status(response);
  return bad_answer(response, error);
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

Judged<DssAnswer> judge_dss(const https::Response& response, Deadline deadline) {
  auto answer = read_dss(response.body, deadline);
  if (!answer) return verdict_without_answer(response, answer.error(), deadline);
  if (!answer.value().success) return verdict_of(answer.value(), response);
  if (response.status != https::kOk) return verdict_of_status(response);
  answer.value().date = response.date;
  return std::move(answer).value();
}

Judged<SpmlAnswer> judge_spml(const https::Response& response, Deadline deadline) {
  constexpr int server_error = 500;
  auto answer = read_spml(response.body, deadline);
  if (!answer) {
    Verdict verdict_found = verdict_without_answer(response, answer.error(), deadline);
    // How accounts that may not manage users are answered.
    const bool told = verdict_found.untouched || response.status != server_error;
    if (told) return verdict_found;
    const auto fault = read_fault(response.body, deadline);
    return verdict(Failure::not_permitted,
                   "the account may not manage users, or the appliance reports a fault",
                   fault ? fault->text : std::string(), response, "");
  }
  if (!answer.value().success) return verdict_of(answer.value(), response);
  if (response.status != https::kOk) return verdict_of_status(response);
  return std::move(answer).value();
}

Judged<DssAnswer> judge_sign(const https::Response& response, Deadline deadline,
                             std::atomic<bool>& signs_nothing) {
  auto answer = read_dss(response.body, deadline);
  if (answer && !answer.value().success &&
      lower(answer.value().message).find(kNoSuchType) != std::string::npos) {
    signs_nothing = true;
  }
  return judge_dss(response, deadline);
}

}  // namespace signet::transport::sapiws
