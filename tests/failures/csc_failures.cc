// The words of the CSC API: RFC 6749, 5.2; CSC API 2.0, 8.4.4, 10.2 and the tables of 11; of 1.0.4 what 2.0 has no more.
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <boost/json.hpp>

#include "tests/failures/wire_failures.h"

namespace signet::tests {
namespace {

struct Word {
  int status;
  const char* error;
  const char* description;
};

constexpr auto kWords = std::to_array<Word>({
    {400, "invalid_request", ""},
    {400, "unauthorized_client", ""},
    {401, "unauthorized_client", "The client is not authorized to use this method"},
    {401, "access_denied", "The user, authorization server or remote service denied the request"},
    {403, "access_denied", ""},
    {400, "unsupported_response_type", ""},
    {400, "unsupported_grant_type", ""},
    {400, "invalid_scope", ""},
    {400, "invalid_grant", "Refresh token expired"},
    {401, "invalid_client", ""},
    {401, "invalid_token", "Token provided is not a valid OAuth access or refresh token"},
    {401, "expired_token", "Access or refresh token is expired or has been revoked"},
    {400, "authentication_error", "An error occurred during authentication process"},
    {500, "server_error", "The server encountered an unexpected condition"},
    {501, "not_implemented_method", "The method is not implemented"},
    {503, "temporarily_unavailable", ""},
    // 8.4.4
    {400, "invalid_request", "Missing parameter client_id"},
    {400, "invalid_request", "Missing parameter grant_type"},
    {400, "invalid_request", "Invalid parameter grant_type"},
    {400, "invalid_request", "Invalid parameter client_id"},
    {400, "invalid_request", "Client authorization required"},
    {401, "invalid_request", "Client authorization required"},
    {400, "invalid_request", "Invalid parameter client_secret"},
    // 11.2
    {401, "invalid_request", "Malformed authentication parameter"},
    {400, "invalid_request", "Malformed username-password"},
    // 11.4, 11.5
    {400, "invalid_request", "Malformed authorization header"},
    {400, "invalid_request", "userID parameter MUST be null"},
    {400, "invalid_request", "Invalid parameter userID"},
    {400, "invalid_request", "Invalid parameter pageToken"},
    {400, "invalid_request", "Invalid parameter certificates"},
    {400, "invalid_request", "Missing (or invalid type) string parameter credentialID"},
    {400, "invalid_request", "Invalid parameter credentialID"},
    // 11.6, 11.7
    {400, "invalid_request", "The credential identified by credentialID is disabled"},
    {400, "invalid_request", "Missing (or invalid type) integer parameter numSignatures"},
    {400, "invalid_request", "Invalid value for parameter numSignatures"},
    {400, "invalid_request", "Numbers of signatures is too high"},
    {400, "invalid_authentication_data", "The authentication data is invalid"},
    {400, "invalid_pin", "The PIN is invalid"},
    {400, "invalid_otp", "The OTP is invalid"},
    {400, "invalid_request", "Credential locked"},
    {400, "invalid_request", "PIN locked"},
    {400, "invalid_request", "OTP locked"},
    {400, "invalid_request", "Invalid parameter handle"},
    // 11.10
    {400, "invalid_request", "Missing (or invalid type) string parameter SAD"},
    {400, "invalid_request", "Invalid parameter SAD"},
    {400, "invalid_request", "SAD expired"},
    {400, "invalid_request", "Missing (or invalid type) array parameter hash"},
    {400, "invalid_request", "Empty hash array"},
    {400, "invalid_request", "Invalid Base64 hash string parameter"},
    {400, "invalid_request", "Hash is not authorized by the SAD"},
    {400, "invalid_request", "Missing (or invalid type) string parameter signAlgo"},
    {400, "invalid_request", "Missing (or invalid type) string parameter signAlgoParams"},
    {400, "invalid_request", "Missing (or invalid type) string parameter hashAlgorithmOID"},
    {400, "invalid_request", "Invalid parameter hashAlgorithmOID"},
    {400, "invalid_request", "Invalid parameter signAlgo"},
    {400, "invalid_request", "Invalid parameter operationMode"},
    {400, "invalid_request", "Invalid parameter validity_period"},
    {400, "invalid_request", "Out of bounds parameter validity_period"},
    {400, "invalid_request", "Invalid parameter response_uri"},
    {400, "invalid_request", "Invalid parameter clientData"},
    {400, "invalid_request", "Invalid digest value length"},
    {400, "invalid_request", "Signing certificate is expired"},
    {400, "invalid_request", "Signing certificate 'O=Trial,CN=signer' is expired."},
    {403, "invalid_hash", "Document or documentDigest does not match authorized hash"},
    // 11.12
    {202, "accepted_request", "The previous async request has been accepted but not yet completed"},
    {400, "invalid_request", "previous asynchronous signature request"},
    {400, "invalid_request", "Missing (or invalid type) string parameter requestID"},
    {400, "invalid_request", "Invalid parameter requestID"},
});

}  // namespace

std::vector<Failing> csc_failures() {
  std::vector<Failing> all;
  for (const Word& word : kWords) {
    boost::json::object body{{"error", word.error}};
    std::string name = fmt::format("{} {}", word.status, word.error);
    if (*word.description != '\0') {
      body["error_description"] = word.description;
      name += fmt::format(": {}", word.description);
    }
    // Which are no failures where they are polled for, and no answers elsewhere.
    const bool waits =
        word.status == 202 || name.ends_with("previous asynchronous signature request");
    all.push_back(failing(std::move(name), waits ? "" : word.description,
                          {.status = word.status, .body = boost::json::serialize(body)}));
  }
  all.push_back(failing("200 with an error in it", "",
                        {.body = R"({"error":"invalid_request","error_description":"no"})"}));
  std::vector<Failing> wire = wire_failures();
  std::ranges::move(wire, std::back_inserter(all));
  return all;
}

}  // namespace signet::tests
