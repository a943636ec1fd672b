// What refusals mean: the words of the specification, and those of services that use others.
#include "dsa-transport/csc/failures.h"

#include <gtest/gtest.h>

namespace signet::transport::csc {
namespace {

https::Response response(int status, std::string body,
                         std::string media_type = "application/json") {
  https::Response made;
  made.status = status;
  made.media_type = std::move(media_type);
  made.body = std::move(body);
  return made;
}

struct Row {
  int status;
  const char* error;
  const char* description;
  Failure failure;
  Verdict::Kind kind;
  Remedy remedy = Remedy::none;
};

TEST(Refusals, MeanWhatTheSpecificationSays) {
  using Kind = Verdict::Kind;
  for (const Row& row : {
           Row{400, "invalid_request", "Credential locked", Failure::account_locked, Kind::refused},
           Row{400, "invalid_request", "PIN locked", Failure::account_locked, Kind::refused},
           Row{400, "invalid_request", "OTP locked", Failure::account_locked, Kind::refused},
           Row{400, "invalid_pin", "The PIN is invalid", Failure::wrong_password, Kind::refused},
           Row{400, "invalid_authentication_data", "", Failure::wrong_password, Kind::refused},
           Row{400, "invalid_otp", "The OTP is invalid", Failure::sign_credential_wrong,
               Kind::refused},
           Row{400, "invalid_request", "SAD expired", Failure::appliance_fault, Kind::refused,
               Remedy::authorise},
           Row{400, "invalid_request", "Invalid parameter SAD", Failure::appliance_fault,
               Kind::refused, Remedy::authorise},
           Row{400, "invalid_request", "Hash is not authorized by the SAD",
               Failure::appliance_fault, Kind::refused},
           Row{400, "invalid_request", "Invalid digest value length", Failure::digest_length,
               Kind::refused},
           Row{400, "invalid_request", "Numbers of signatures is too high", Failure::bad_parameter,
               Kind::refused, Remedy::fewer},
           Row{400, "invalid_request", "The credential identified by credentialID is disabled",
               Failure::key_disabled, Kind::refused},
           Row{400, "invalid_request", "Signing certificate is expired", Failure::key_disabled,
               Kind::refused},
           Row{400, "invalid_request", "Signing certificate 'O=Trial,CN=seal' is expired.",
               Failure::key_disabled, Kind::refused},
           Row{401, "invalid_pin", "The PIN is invalid", Failure::wrong_password, Kind::refused},
           Row{401, "invalid_otp", "", Failure::sign_credential_wrong, Kind::refused},
           Row{401, "invalid_request", "Credential locked", Failure::account_locked, Kind::refused},
           Row{401, "access_denied", "", Failure::access_refused, Kind::refused,
               Remedy::other_token},
           Row{400, "invalid_request", "Invalid parameter credentialID", Failure::no_such_object,
               Kind::refused},
           Row{400, "invalid_request", "The parameter userID must be null", Failure::bad_parameter,
               Kind::refused, Remedy::other_user},
           Row{400, "invalid_request", "The previous asynchronous signature request is running",
               Failure::busy, Kind::refused, Remedy::ask_again},
           Row{202, "accepted_request", "", Failure::busy, Kind::refused, Remedy::ask_again},
           Row{401, "invalid_token", "The access token is invalid", Failure::access_refused,
               Kind::refused, Remedy::other_token},
           Row{401, "expired_token", "", Failure::access_refused, Kind::refused,
               Remedy::other_token},
           Row{401, "invalid_client", "", Failure::access_refused, Kind::refused},
           Row{400, "unauthorized_client", "", Failure::access_refused, Kind::refused},
           Row{403, "access_denied", "", Failure::not_permitted, Kind::refused},
           Row{429, "too_many_requests", "", Failure::busy, Kind::busy},
           Row{503, "temporarily_unavailable", "", Failure::busy, Kind::busy},
           Row{500, "server_error", "", Failure::appliance_fault, Kind::faulty},
           Row{502, "", "", Failure::appliance_fault, Kind::faulty},
           Row{501, "not_implemented_method", "", Failure::not_supported, Kind::refused},
           Row{404, "", "", Failure::bad_answer, Kind::faulty},
           Row{302, "", "", Failure::bad_answer, Kind::faulty},
       }) {
    const std::string body = std::string(R"({"error":")") + row.error +
                             R"(","error_description":")" + row.description + "\"}";
    const Refusal refusal = refusal_of(response(row.status, body));
    EXPECT_EQ(refusal.verdict.error.failure, row.failure) << row.error << ": " << row.description;
    EXPECT_EQ(refusal.verdict.kind, row.kind) << row.error << ": " << row.description;
    EXPECT_EQ(refusal.remedy, row.remedy) << row.error << ": " << row.description;
    EXPECT_EQ(refusal.verdict.error.cause.status, row.status);
    EXPECT_EQ(refusal.verdict.error.cause.code, row.error);
  }
}

TEST(Refusals, InPlainTextAreReadAndTamed) {
  const Refusal refusal =
      refusal_of(response(400, "400: Hash is not authorized by the SAD\n\x1b[31m", "text/plain"));
  EXPECT_EQ(refusal.verdict.error.failure, Failure::appliance_fault);
  EXPECT_NE(refusal.verdict.error.sentence.find("\\x1b"), std::string::npos);
  for (const char* body : {"", "<html>", "[]", "{\"error\":7}", "{\"error\":{}}"}) {
    EXPECT_EQ(refusal_of(response(500, body)).verdict.error.failure, Failure::appliance_fault);
  }
}

TEST(Refusals, SayThatATokenIsWantedWhereNoneWasSent) {
  const https::Response refused =
      response(401, R"({"error":"invalid_token","error_description":"There is no access token"})");
  const Refusal without = refusal_of(refused, Shown::no_token);
  EXPECT_EQ(without.verdict.error.failure, Failure::access_refused);
  EXPECT_EQ(without.verdict.kind, Verdict::Kind::refused);
  EXPECT_EQ(without.remedy, Remedy::none);
  EXPECT_NE(without.verdict.error.sentence.find("\"access\" in [token.csc]"), std::string::npos);
  EXPECT_EQ(refusal_of(refused).remedy, Remedy::other_token);
}

TEST(Refusals, BlameTheSecretWhereThatIsWhatWasSent) {
  const auto sentence = [](Shown shown) {
    return refusal_of(response(401, ""), shown).verdict.error.sentence;
  };
  EXPECT_NE(sentence(Shown::secret).find("client or its secret"), std::string::npos);
  EXPECT_NE(sentence(Shown::nothing).find("lets everybody ask"), std::string::npos);
}

TEST(Refusals, TellWhetherTheRequestWasLookedAt) {
  for (const int status : {302, 400, 401, 404, 405, 413, 429}) {
    EXPECT_TRUE(refusal_of(response(status, "")).verdict.untouched) << status;
  }
  for (const int status : {200, 202, 500, 502, 503, 504}) {
    EXPECT_FALSE(refusal_of(response(status, "")).verdict.untouched) << status;
  }
}

TEST(Refusals, AreKnownInAnyAnswer) {
  EXPECT_TRUE(is_error(R"({"error":"invalid_request"})"));
  for (const char* body :
       {"", "[]", "{}", "{\"error\":7}", "{\"error\":\"\"}", "{\"signatures\":[]}"}) {
    EXPECT_FALSE(is_error(body)) << body;
  }
}

}  // namespace
}  // namespace signet::transport::csc
