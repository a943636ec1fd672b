// What an appliance refuses or answers wrongly, and what it is taken for.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "dsa-transport/testing/native_test_scene.h"
#include "https/client/message.h"

namespace signet::transport {
namespace {

class NativeFailuresTest : public NativeTest {
 protected:
  Failure failure_of(const TestReply& reply) {
    TlsTestServer server = server_with(reply);
    const auto answer = client_of(server)->sign(who_, sign_request(), soon());
    EXPECT_FALSE(answer);
    return answer ? Failure::bad_parameter : answer.error().failure;
  }
};

TEST_F(NativeFailuresTest, TranslatesEveryFailureOfTheContract) {
  const struct {
    int status;
    const char* sapi_code;
    Failure failure;
  } rows[] = {
      {400, "", Failure::bad_parameter},
      {401, "0x900201E0", Failure::wrong_password},
      {403, "0x900201E1", Failure::account_locked},
      {403, "0x900201e2", Failure::account_locked},
      {403, "0x900201E3", Failure::password_expired},
      {403, "0x900201E4", Failure::account_disabled},
      {403, "0x900201E5", Failure::account_not_activated},
      {403, "0x900201EA", Failure::sign_credential_missing},
      {403, "", Failure::not_permitted},
      {404, "0x90030705", Failure::no_such_object},
      {409, "0x90030704", Failure::exists_already},
      {422, "0x900201E6", Failure::password_policy},
      {422, "0x900201E7", Failure::password_length},
      {422, "0x90030384", Failure::digest_length},
      {422, "0x90030702", Failure::bad_parameter},
      {500, "0x90010001", Failure::appliance_fault},
      {502, "", Failure::appliance_fault},
      {504, "0x90010001", Failure::appliance_fault},
      {507, "0x90037008", Failure::storage_full},
  };
  for (const auto& row : rows) {
    TlsTestServer server = server_with(problem_reply(row.status, row.sapi_code));
    const auto answer = client_of(server)->sign(who_, sign_request(), soon());
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, row.failure) << row.status << " " << row.sapi_code;
    EXPECT_EQ(answer.error().cause.status, row.status);
    EXPECT_EQ(answer.error().cause.code, row.sapi_code);
    EXPECT_EQ(answer.error().cause.request_id, "request-4711");
    EXPECT_EQ(server.requests().size(), 1U) << row.status;
  }
}

TEST_F(NativeFailuresTest, TellsAMissingSignCredentialFromAWrongOne) {
  TlsTestServer server = server_with(problem_reply(403, "0x900201EA"));
  SignRequest request = sign_request();
  request.sign_password = Secret("wrong");
  EXPECT_EQ(client_of(server)->sign(who_, request, soon()).error().failure,
            Failure::sign_credential_wrong);
}

TEST_F(NativeFailuresTest, RefusesSignaturesOfWrongNumberOrSize) {
  EXPECT_EQ(failure_of({.body = R"({"signatures":[]})"}), Failure::bad_answer);
  EXPECT_EQ(failure_of({.body = R"({"signatures":["AAAA","AAAA"]})"}), Failure::bad_answer);
  EXPECT_EQ(failure_of({.body = R"({"signatures":[""]})"}), Failure::bad_answer);
  EXPECT_EQ(failure_of({.body = R"({"signatures":[7]})"}), Failure::bad_answer);
  EXPECT_EQ(failure_of({.body = R"({"signatures":"AAAA"})"}), Failure::bad_answer);
  EXPECT_EQ(failure_of({.body = signatures_body(63)}), Failure::bad_answer);
}

TEST_F(NativeFailuresTest, TakesNoOtherServersPagesForAnswers) {
  EXPECT_EQ(failure_of({.status = 404, .body = "<html>", .content_type = "text/html"}),
            Failure::bad_answer);
  EXPECT_EQ(failure_of({.body = "<html>welcome</html>", .content_type = "text/html"}),
            Failure::bad_answer);
  EXPECT_EQ(failure_of({.status = 302, .headers = {{"Location", "https://127.0.0.1:1/"}}}),
            Failure::bad_answer);
}

TEST_F(NativeFailuresTest, GivesUpOnOversizedAnswers) {
  EXPECT_EQ(failure_of({.body = std::string(https::kLargestBody + 1, ' ')}), Failure::bad_answer);
}

TEST_F(NativeFailuresTest, GivesUpOnWhatIsNotHttp) {
  EXPECT_EQ(failure_of({.raw = "SSH-2.0-OpenSSH\r\n\r\n"}), Failure::appliance_fault);
}

TEST_F(NativeFailuresTest, GivesUpOnAnswersThatAreAlwaysCutOff) {
  EXPECT_EQ(failure_of({.body = signatures_body(64), .ending = TestReply::Ending::cut}),
            Failure::appliance_fault);
}

TEST_F(NativeFailuresTest, TakesNoAnswerThatNobodyAskedForAsAProofOfThePassword) {
  const std::string right_answer =
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
      std::to_string(kAccountBody.size()) + "\r\n\r\n" + kAccountBody;
  std::atomic<unsigned> logins{0};
  const TlsTestServer server(identity_, [&](const TestRequest& request) -> TestReply {
    if (request.path.ends_with("/signatures"))
      return {.body = signatures_body(64), .pause_before_unasked = 1ms, .unasked = right_answer};
    return ++logins == 1 ? TestReply{.body = kAccountBody} : problem_reply(401, "0x900201E0");
  });
  const auto appliance = client_of(server);
  ASSERT_TRUE(appliance->account(who_, soon()));
  ASSERT_TRUE(appliance->sign(who_, sign_request(), soon()));
  std::this_thread::sleep_for(20ms);  // it has come by then
  EXPECT_FALSE(appliance->account({"seal", Secret("wrong")}, soon()));
  EXPECT_EQ(logins, 2U);
}

}  // namespace
}  // namespace signet::transport
