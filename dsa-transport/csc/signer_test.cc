// Signatures through a service that answers as it is told.
#include <thread>

#include "dsa-transport/csc/testing/csc_test_scene.h"

namespace signet::transport::csc {
namespace {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;

class SignerTest : public CscTest {};

TEST_F(SignerTest, OfScal1TakesOneRequestForEachSignatureUnderAnAuthorisationThatIsKept) {
  const auto client = make_appliance(settings());
  for (int i = 0; i < 4; ++i) ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("signatures/signHash"), 4U);
  EXPECT_EQ(count("credentials/authorize"), 2U) << "each is good for three";
  EXPECT_EQ(count("oauth2/token"), 1U);
  EXPECT_EQ(server_.handshakes(), 2U) << "the token endpoint has a connection of its own";
  const auto authorised = json_of(requests_of("credentials/authorize").front());
  EXPECT_EQ(authorised.at("numSignatures"), 3);
  EXPECT_EQ(authorised.at("authData").as_array().at(0).at("id"), "the-pin");
  EXPECT_EQ(authorised.at("authData").as_array().at(0).at("value"), "1234");
  EXPECT_FALSE(authorised.contains("hashes"));
  const auto signed_ = json_of(requests_of("signatures/signHash").front());
  EXPECT_EQ(signed_.at("SAD"), "sad-1");
  EXPECT_EQ(signed_.at("signAlgo"), "1.2.840.10045.4.3.2");
  EXPECT_FALSE(signed_.contains("hashAlgorithmOID")) << "it is implied";
  EXPECT_FALSE(signed_.contains("clientData"));
}

TEST_F(SignerTest, TakesTheReferenceAlongAsClientData) {
  const auto client = make_appliance(settings());
  EXPECT_TRUE(client->carries_reference());
  SignRequest request;
  request.key_id = "cred";
  request.algorithm = Scheme::ecdsa;
  request.digests.assign(1, Bytes(32, 1));
  request.reference = "order 4711";
  const Credential who{"seal", Secret(std::string_view("1234"))};
  ASSERT_TRUE(client->sign(who, request, Deadline::after(Milliseconds(10'000))));
  EXPECT_EQ(json_of(requests_of("signatures/signHash").front()).at("clientData"), "order 4711");
  request.reference = "\xff";
  const auto refused = client->sign(who, request, Deadline::after(Milliseconds(10'000)));
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, Failure::bad_parameter);
  EXPECT_EQ(count("signatures/signHash"), 1U);
}

TEST_F(SignerTest, OfScal2IsAuthorisedForItsVeryHashes) {
  on("credentials/info", credential_body("2"));
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client, 2));
  ASSERT_TRUE(sign(*client, 1));
  EXPECT_EQ(count("credentials/authorize"), 2U);
  const auto authorised = json_of(requests_of("credentials/authorize").front());
  EXPECT_EQ(authorised.at("hashes").as_array().size(), 2U);
  EXPECT_EQ(authorised.at("hashAlgorithmOID"), "2.16.840.1.101.3.4.2.1");
}

TEST_F(SignerTest, IsCutIntoWhatTheCredentialAllows) {
  on("credentials/info", credential_body("2"));
  const auto client = make_appliance(settings());
  const auto answer = sign(*client, 7);
  ASSERT_TRUE(answer);
  EXPECT_EQ(answer.value().values.size(), 7U);
  EXPECT_EQ(count("signatures/signHash"), 3U) << "3, 3 and 1";
}

TEST_F(SignerTest, IsCutSmallerWhereTheServiceSaysSo) {
  on("credentials/info", credential_body("2"));
  on_first(
      1, "credentials/authorize",
      {.status = 400, .body = error_body("invalid_request", "Numbers of signatures is too high")});
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client, 3));
  EXPECT_EQ(count("signatures/signHash"), 3U);
}

TEST_F(SignerTest, AsksForAnotherAuthorisationOnceWhereOneIsNotAcceptedAnyMore) {
  on_first(1, "signatures/signHash",
           {.status = 400, .body = error_body("invalid_request", "SAD expired")});
  const auto client = make_appliance(settings());
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 2U);
  on("signatures/signHash", error_body("invalid_request", "Invalid parameter SAD"), 400);
  EXPECT_FALSE(sign(*client));
  EXPECT_LE(count("credentials/authorize"), 4U) << "not for ever";
}

TEST_F(SignerTest, SendsAWrongPinOnce) {
  on("credentials/authorize",
     error_body("invalid_authentication_data", "The authentication data is invalid"), 400);
  const auto client = make_appliance(settings());
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::wrong_password);
  EXPECT_EQ(count("credentials/authorize"), 1U);
}

TEST_F(SignerTest, SendsAWrongPinOnceHoweverManyThreadsSign) {
  on("credentials/info", credential_body("2"));
  on("credentials/authorize",
     {.status = 400, .body = error_body("invalid_pin", "The PIN is invalid"), .delay = 100ms});
  const auto client = make_appliance(settings());
  std::vector<std::thread> threads;
  std::atomic<int> refused{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 3; ++n) {
        const auto answer = sign(*client);
        refused += !answer && answer.error().failure == Failure::wrong_password ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(refused, 24);
  EXPECT_EQ(count("credentials/authorize"), 1U) << "three or five lock a credential";
  on("credentials/authorize", R"({"SAD":"sad-1"})");
  EXPECT_FALSE(sign(*client));
  EXPECT_TRUE(sign(*client, 1, "5678")) << "another PIN is tried";
  EXPECT_FALSE(sign(*client)) << "the wrong one is not";
  EXPECT_EQ(count("credentials/authorize"), 2U);
  Settings other = settings();
  other.csc.scope = "other";
  client->reconfigure(other);
  EXPECT_TRUE(sign(*client)) << "another configuration may be another service";
}

TEST_F(SignerTest, SendsAPinThatIsRightByManyThreadsAtOnce) {
  on("credentials/info", credential_body("2"));
  on("credentials/authorize", {.body = R"({"SAD":"sad-1"})", .delay = 200ms});
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  const auto began = std::chrono::steady_clock::now();
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] { good += sign(*client, 2).has_value() ? 1 : 0; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 4);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 700ms) << "not one after the other";
}

TEST_F(SignerTest, ACancelledTrialOfAPinHandsOver) {
  on("credentials/info", credential_body("2"));
  const auto client = make_appliance(settings());
  ASSERT_TRUE(client->info(Deadline::after(5000ms)));
  on("credentials/authorize", {.body = R"({"SAD":"sad-1"})", .delay = 200ms});
  SignRequest request;
  request.key_id = "cred";
  request.algorithm = Scheme::ecdsa;
  request.digests = {Bytes(32, 1)};
  const Credential who{"seal", Secret(std::string_view("1234"))};
  auto first = client->start_sign(who, request, Deadline::after(5000ms));
  while (count("credentials/authorize") == 0) {
    first.step();
    std::this_thread::sleep_for(1ms);
  }
  auto second = client->start_sign(who, request, Deadline::after(5000ms));
  second.step();
  auto late = client->start_sign(who, request, Deadline::after(50ms));
  const auto no_time = late.finish();
  ASSERT_FALSE(no_time);
  EXPECT_EQ(no_time.error().failure, Failure::timed_out);
  { auto cancelled = std::move(first); }
  EXPECT_TRUE(second.finish());
}

TEST_F(SignerTest, KeepsAPinApartFromTheOneTimePasswordThatMayBeToBlame) {
  std::string body = credential_body("2");
  body.replace(body.find(R"({"type":"Password")"), 0, R"({"type":"OTP","id":"the-otp"},)");
  on("credentials/info", body);
  on_first(1, "credentials/authorize",
           {.status = 400, .body = error_body("invalid_authentication_data", "")});
  const auto client = make_appliance(settings());
  SignRequest request;
  request.key_id = "cred";
  request.algorithm = Scheme::ecdsa;
  request.digests = {Bytes(32, 1)};
  const Credential who{"seal", Secret(std::string_view("1234"))};
  request.sign_password.emplace(std::string_view("111111"));
  EXPECT_FALSE(client->sign(who, request, Deadline::after(5000ms)));
  request.sign_password.emplace(std::string_view("222222"));
  EXPECT_TRUE(client->sign(who, request, Deadline::after(5000ms)));
}

TEST_F(SignerTest, SendsAWrongPinUnderNoOtherTokenWhereTheServiceAnswers401) {
  on("credentials/authorize", error_body("invalid_pin", "The PIN is invalid"), 401);
  const auto client = make_appliance(settings());
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::wrong_password);
  EXPECT_EQ(count("credentials/authorize"), 1U);
  EXPECT_EQ(count("oauth2/token"), 1U);
}

TEST_F(SignerTest, AuthorisesOneSignatureWhereTheServiceAllowsFewerThanItSays) {
  const std::string too_high = error_body("invalid_request", "Numbers of signatures is too high");
  on_first(1, "credentials/authorize", {.status = 400, .body = too_high});
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  ASSERT_EQ(count("credentials/authorize"), 2U);
  EXPECT_EQ(json_of(requests_of("credentials/authorize").at(0)).at("numSignatures"), 3);
  EXPECT_EQ(json_of(requests_of("credentials/authorize").at(1)).at("numSignatures"), 1);
  on("credentials/authorize", too_high, 400);
  EXPECT_FALSE(sign(*client)) << "not for ever";
}

TEST_F(SignerTest, TakesAnAuthorisationToNoOtherService) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  Settings other = settings();
  other.user = "somebody";
  client->reconfigure(other);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 2U);
}

TEST_F(SignerTest, DoesNotSendAPinAgainWhoseAnswerWasLost) {
  on("credentials/authorize", {.ending = Ending::reset});
  const auto client = make_appliance(settings());
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::appliance_fault);
  EXPECT_NE(answer.error().sentence.find("may have counted the PIN"), std::string::npos);
  EXPECT_EQ(count("credentials/authorize"), 1U);
}

TEST_F(SignerTest, SaysThatTheServiceMayHaveSignedWhereItsAnswerWasLost) {
  on("signatures/signHash", {.ending = Ending::reset});
  const auto client = make_appliance(settings());
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::appliance_fault);
  EXPECT_NE(answer.error().sentence.find("may have signed"), std::string::npos);
  EXPECT_EQ(count("signatures/signHash"), 1U);
  EXPECT_EQ(client->figures().sum().uncertain, 1U);
}

TEST_F(SignerTest, IsRepeatedAfterALostAnswerWhereTheConfigurationAllows) {
  on_first(1, "signatures/signHash", {.ending = Ending::reset});
  Settings allowed = settings();
  allowed.limits.resign = true;
  const auto client = make_appliance(allowed);
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(count("signatures/signHash"), 2U);
}

TEST_F(SignerTest, WaitsForAsynchronousSignatures) {
  on("signatures/signHash", R"({"responseID":"later"})");
  on("signatures/signPolling", signatures_body(1));
  on_first(1, "signatures/signPolling",
           {.status = 400,
            .body = error_body("invalid_request",
                               "The previous asynchronous signature request is not done")});
  on_first(2, "signatures/signPolling",
           {.status = 202, .body = error_body("accepted_request", "later")});
  Settings asynchronous = settings();
  asynchronous.csc.asynchronous = true;
  const auto client = make_appliance(asynchronous);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("signatures/signPolling"), 4U);
  const auto asked = json_of(requests_of("signatures/signHash").front());
  EXPECT_EQ(asked.at("operationMode"), "A");
  EXPECT_EQ(json_of(requests_of("signatures/signPolling").front()).at("requestID"), "later");
}

TEST_F(SignerTest, PollsNoLongerThanTheDeadline) {
  on("signatures/signHash", R"({"responseID":"never"})");
  on("signatures/signPolling", {.status = 202, .body = error_body("accepted_request", "later")});
  Settings asynchronous = settings();
  asynchronous.csc.asynchronous = true;
  const auto client = make_appliance(asynchronous);
  const auto began = std::chrono::steady_clock::now();
  const auto answer = sign(*client, 1, "1234", 1000ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::timed_out);
  EXPECT_NE(answer.error().sentence.find("may still sign"), std::string::npos);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2000ms);
  EXPECT_EQ(client->figures().sum().uncertain, 1U);
}

TEST_F(SignerTest, TakesBothEncodingsOfEcdsaAndNothingElse) {
  const auto client = make_appliance(settings());
  const std::string der = "MAYCAQECAQI=";  // r = 1, s = 2
  on("signatures/signHash", R"({"signatures":[")" + der + "\"]}");
  const auto answer = sign(*client);
  ASSERT_TRUE(answer);
  Bytes expected(64, 0);
  expected[31] = 1;
  expected[63] = 2;
  EXPECT_EQ(answer.value().values.front(), expected);
  for (const std::string& wrong : {std::string("MAYCAQECAf8="), crypto::to_base64(Bytes(63, 1)),
                                   std::string("MAYCAQECAQIA")}) {
    on("signatures/signHash", R"({"signatures":[")" + wrong + "\"]}");
    const auto refused = sign(*client);
    ASSERT_FALSE(refused) << wrong;
    EXPECT_EQ(refused.error().failure, Failure::bad_answer);
  }
}

TEST_F(SignerTest, WantsTheOneTimePasswordOfCredentialsThatHaveOne) {
  std::string body = credential_body("2");
  body.replace(body.find(R"({"type":"Password")"), 0, R"({"type":"OTP","id":"the-otp"},)");
  on("credentials/info", body);
  const auto client = make_appliance(settings());
  const Credential who{"seal", Secret(std::string_view("1234"))};
  const auto account = client->account(who, Deadline::after(5000ms));
  ASSERT_TRUE(account);
  EXPECT_EQ(account.value().sign_credential, SignCredential::one_time_password);
  const auto without = sign(*client);
  ASSERT_FALSE(without);
  EXPECT_EQ(without.error().failure, Failure::sign_credential_missing);
  SignRequest request;
  request.key_id = "cred";
  request.algorithm = Scheme::ecdsa;
  request.digests = {Bytes(32, 1)};
  request.sign_password.emplace(std::string_view("654321"));
  ASSERT_TRUE(client->sign(who, request, Deadline::after(5000ms)));
  const auto data = json_of(requests_of("credentials/authorize").front()).at("authData").as_array();
  ASSERT_EQ(data.size(), 2U);
  EXPECT_EQ(data.at(1).at("id"), "the-otp");
  EXPECT_EQ(data.at(1).at("value"), "654321");
}

TEST_F(SignerTest, NeedsNoPinWhereTheServiceAsksForNone) {
  std::string body = credential_body("1");
  body.replace(body.find("explicit"), 8, "implicit");
  on("credentials/info", body);
  const auto client = make_appliance(settings());
  const auto info = client->info(Deadline::after(5000ms));
  ASSERT_TRUE(info);
  EXPECT_FALSE(info.value().needs_password);
  ASSERT_TRUE(sign(*client, 1, ""));
  EXPECT_FALSE(json_of(requests_of("credentials/authorize").front()).contains("authData"));
}

TEST_F(SignerTest, RefusesADisabledCredentialBeforeItIsAsked) {
  std::string body = credential_body("1");
  body.replace(body.find("enabled"), 7, "disabled");
  on("credentials/info", body);
  const auto client = make_appliance(settings());
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::key_disabled);
  EXPECT_EQ(count("credentials/authorize"), 0U);
}

TEST_F(SignerTest, KeepsNoAuthorisationOfAnotherService) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  Settings other = settings();
  other.csc.scope = "another";
  client->reconfigure(other);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 2U);
  EXPECT_EQ(count("oauth2/token"), 2U);
  client->reconfigure(other);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 2U) << "nothing has changed";
}

TEST_F(SignerTest, ChecksThePinAtLoginWhereThatTakesNoHash) {
  const auto client = make_appliance(settings());
  const Credential who{"seal", Secret(std::string_view("1234"))};
  ASSERT_TRUE(client->account(who, Deadline::after(5000ms)));
  EXPECT_EQ(count("credentials/authorize"), 1U);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("credentials/authorize"), 1U) << "that of the login is used";
  on("credentials/authorize", error_body("invalid_request", "Credential locked"), 400);
  const auto locked = make_appliance(settings())->account(who, Deadline::after(5000ms));
  ASSERT_FALSE(locked);
  EXPECT_EQ(locked.error().failure, Failure::account_locked);
}

}  // namespace
}  // namespace signet::transport::csc
