#include "dsa-transport/csc/failures.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cctype>

#include "common/log.h"
#include "common/log_line.h"
#include "dsa-transport/json_reader.h"

namespace signet::transport::csc {

namespace {

constexpr int kAny = 0;

struct Row {
  int status;
  std::string_view error;  // empty: any
  std::string_view words;  // lower case, in the description; empty: any
  Failure failure;
  Remedy remedy;
  std::string_view sentence;
};

// The first that fits counts. The texts are those of the specification; services write them with other articles and
// stops, so the telling words are enough.
constexpr std::array kRows = std::to_array<Row>({
    {kAny, "", "previous asynchronous signature request", Failure::busy, Remedy::ask_again,
     "the signature is still being made"},
    {202, "", "", Failure::busy, Remedy::ask_again, "the signature is still being made"},
    {kAny, "invalid_client", "", Failure::access_refused, Remedy::none,
     "the service does not know this client, or its secret is wrong; check client_id and secret in "
     "[token.csc]"},
    {kAny, "authentication_error", "", Failure::access_refused, Remedy::none,
     "the service refuses the user or the secret of this client; check user, and secret in "
     "[token.csc]"},
    {kAny, "unauthorized_client", "", Failure::access_refused, Remedy::none,
     "this client may not do this; the service's operator can permit it"},
    {kAny, "invalid_scope", "", Failure::access_refused, Remedy::none,
     "the service refuses the scope; check scope in [token.csc]"},
    {kAny, "invalid_token", "", Failure::access_refused, Remedy::other_token,
     "the service does not accept the access token; check access and secret in [token.csc]"},
    {kAny, "expired_token", "", Failure::access_refused, Remedy::other_token,
     "the access token has expired"},
    {kAny, "", "credential locked", Failure::account_locked, Remedy::none,
     "the credential is locked; its operator can unlock it"},
    {kAny, "", "pin locked", Failure::account_locked, Remedy::none,
     "the PIN is locked after too many wrong ones; the service's operator can unlock it"},
    {kAny, "", "otp locked", Failure::account_locked, Remedy::none,
     "one-time passwords are locked after too many wrong ones; the service's operator can unlock "
     "them"},
    {kAny, "invalid_otp", "", Failure::sign_credential_wrong, Remedy::none,
     "the one-time password is wrong"},
    {kAny, "", "otp is invalid", Failure::sign_credential_wrong, Remedy::none,
     "the one-time password is wrong"},
    {kAny, "invalid_pin", "", Failure::wrong_password, Remedy::none, "the PIN is wrong"},
    {kAny, "invalid_authentication_data", "", Failure::wrong_password, Remedy::none,
     "the PIN is wrong"},
    {kAny, "", "authentication data is invalid", Failure::wrong_password, Remedy::none,
     "the PIN is wrong"},
    {kAny, "", "pin is invalid", Failure::wrong_password, Remedy::none, "the PIN is wrong"},
    {kAny, "", "sad expired", Failure::appliance_fault, Remedy::authorise,
     "the authorisation has expired"},
    {kAny, "", "parameter sad", Failure::appliance_fault, Remedy::authorise,
     "the service does not accept the authorisation"},
    {kAny, "", "invalid sad", Failure::appliance_fault, Remedy::authorise,
     "the service does not accept the authorisation"},
    {kAny, "", "not authorized by the sad", Failure::appliance_fault, Remedy::none,
     "the service says that the hash is not among those that were authorised"},
    {kAny, "", "digest value length", Failure::digest_length, Remedy::none,
     "the digest has a wrong length"},
    {kAny, "", "hash length", Failure::digest_length, Remedy::none,
     "the digest has a wrong length"},
    {kAny, "", "signatures is too high", Failure::bad_parameter, Remedy::fewer,
     "too many signatures in one request"},
    {kAny, "", "certificate is expired", Failure::key_disabled, Remedy::none,
     "the certificate has expired"},
    {kAny, "", "certificate is revoked", Failure::key_disabled, Remedy::none,
     "the certificate is revoked"},
    // "Signing certificate 'O=…,CN=…' is expired."
    {kAny, "", "signing certificate", Failure::key_disabled, Remedy::none,
     "the certificate has expired, or is not valid for another reason"},
    {kAny, "", "is disabled", Failure::key_disabled, Remedy::none, "the credential is disabled"},
    // Behind what a PIN or a credential is refused for: those are not sent again under another token.
    {401, "", "", Failure::access_refused, Remedy::other_token,
     "the service does not accept the access token; check access and secret in [token.csc]"},
    {kAny, "", "userid", Failure::bad_parameter, Remedy::other_user,
     "the service refuses the userID"},
    {kAny, "", "credentialid", Failure::no_such_object, Remedy::none,
     "the service has no such credential"},
    {kAny, "access_denied", "", Failure::not_permitted, Remedy::none,
     "the service does not permit this; its operator can"},
    {kAny, "invalid_hash", "", Failure::bad_parameter, Remedy::none,
     "the service refuses the digest"},
    {429, "", "", Failure::busy, Remedy::none, "the service is busy"},
    {503, "", "", Failure::busy, Remedy::none, "the service is busy or not available"},
    {kAny, "temporarily_unavailable", "", Failure::busy, Remedy::none,
     "the service is not available for a moment"},
    {501, "", "", Failure::not_supported, Remedy::none, "the service does not offer this"},
    {kAny, "not_implemented_method", "", Failure::not_supported, Remedy::none,
     "the service does not offer this"},
    {403, "", "", Failure::not_permitted, Remedy::none,
     "the service does not permit this; its operator can"},
    {404, "", "", Failure::bad_answer, Remedy::none,
     "there is nothing at this address; check the member's url"},
    {405, "", "", Failure::bad_answer, Remedy::none,
     "there is no such method at this address; check the member's url"},
    {kAny, "server_error", "", Failure::appliance_fault, Remedy::none,
     "the service reports a fault"},
    {400, "", "", Failure::bad_parameter, Remedy::none,
     "the service does not understand the request"},
    {422, "", "", Failure::bad_parameter, Remedy::none, "the service refuses a parameter"},
});

constexpr Row kFault = {
    0, "", "", Failure::appliance_fault, Remedy::none, "the service reports a fault"};
// In place of every row that asks for another token, where none was shown.
constexpr Row kNoToken = {0,
                          "",
                          "",
                          Failure::access_refused,
                          Remedy::none,
                          "the service wants an access token, and the configuration gives it none; "
                          "see \"access\" in [token.csc]"};
constexpr Row kClient = {0,
                         "",
                         "",
                         Failure::access_refused,
                         Remedy::none,
                         "the service refuses this client or its secret; check client_id, user and "
                         "secret in [token.csc]"};
constexpr Row kOpen = {0,
                       "",
                       "",
                       Failure::access_refused,
                       Remedy::none,
                       "the service wants an access token for what the API lets everybody ask; its "
                       "operator can open it"};
constexpr Row kStrange = {0,
                          "",
                          "",
                          Failure::bad_answer,
                          Remedy::none,
                          "an answer that the API does not define; check the member's url"};

std::string lower(std::string_view text) {
  std::string lowered(text);
  std::ranges::transform(lowered, lowered.begin(),
                         [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
  return lowered;
}

struct Words {
  std::string error;
  std::string description;
};

// Some services answer with plain text, which then is the description.
Words words_of(const https::Response& response) {
  constexpr std::size_t most = 200;
  JsonDocument document;
  const auto value = document.parse(response.body);
  if (!value || !value.value()->is_object()) {
    const bool text = response.media_type == "text/plain";
    return {"",
            text ? std::string(std::string_view(response.body).substr(0, most)) : std::string()};
  }
  JsonReader reader(value.value(), "the answer");
  Words words;
  words.error = reader.optional_text("error", SIZE_MAX);
  words.description = reader.optional_text("error_description", SIZE_MAX);
  words.error.resize(std::min(words.error.size(), most));
  words.description.resize(std::min(words.description.size(), most));
  return words;
}

const Row& row_for(int status, const Words& words) {
  const std::string description = lower(words.description);
  for (const Row& row : kRows) {
    if (row.status != kAny && row.status != status) continue;
    if (!row.error.empty() && row.error != words.error) continue;
    if (description.find(row.words) == std::string::npos) continue;
    return row;
  }
  return status >= 500 ? kFault : kStrange;
}

const Row& without_token(const Row& row, Shown shown) {
  switch (shown) {
    case Shown::token:
      break;
    case Shown::no_token:
      return kNoToken;
    case Shown::secret:
      return kClient;
    case Shown::nothing:
      return kOpen;
  }
  return row;
}

Verdict::Kind kind_of(const Row& row, int status) {
  if (row.remedy != Remedy::none) return Verdict::Kind::refused;
  if (row.failure == Failure::busy) return Verdict::Kind::busy;
  if (row.failure == Failure::bad_answer) return Verdict::Kind::faulty;
  const bool its_own = row.failure == Failure::appliance_fault && status >= 500;
  return its_own ? Verdict::Kind::faulty : Verdict::Kind::refused;
}

}  // namespace

bool is_error(std::string_view body) {
  JsonDocument document;
  const auto value = document.parse(body);
  if (!value || !value.value()->is_object()) return false;
  return !JsonReader(value.value(), "the answer").optional_text("error", SIZE_MAX).empty();
}

Refusal without_method(Refusal refusal, const https::Response& response) {
  if (response.status != 404 && response.status != 405) return refusal;
  refusal.verdict.kind = Verdict::Kind::refused;
  refusal.verdict.error.failure = Failure::not_supported;
  refusal.verdict.error.sentence = "the service does not offer this";
  refusal.remedy = Remedy::none;
  return refusal;
}

Refusal refusal_of(const https::Response& response, Shown shown) {
  const Words words = words_of(response);
  const Row& found = row_for(response.status, words);
  const Row& row = found.remedy == Remedy::other_token ? without_token(found, shown) : found;
  std::string sentence(row.sentence);
  const std::string& said = words.description.empty() ? words.error : words.description;
  if (!said.empty()) sentence += fmt::format(" (it says: {})", log::printable(said));
  Verdict verdict{kind_of(row, response.status),
                  {row.failure,
                   std::move(sentence),
                   {response.status, log::printable(words.error), response.request_id}}};
  verdict.untouched = response.status >= 300 && response.status < 500;
  return {std::move(verdict), row.remedy};
}

}  // namespace signet::transport::csc
