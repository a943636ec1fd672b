// signatures/timestamp (CSC API 1.0.4, 11.10; 2.0, 11.13).
#include "dsa-transport/csc/testing/csc_test_scene.h"

namespace signet::transport::csc {
namespace {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;

constexpr const char* kStamp = "signatures/timestamp";

class TimeStamperTest : public CscTest {
 protected:
  TimeStamperTest() {
    on("info", named_info());
    on(kStamp, stamp_body(token_));
  }

  static std::string named_info() {
    return R"({"specs":"2.0.0.2","name":"Trial","methods":["credentials/list",
      "signatures/signHash","signatures/timestamp"]})";
  }
  static std::string stamp_body(const Bytes& token) {
    return R"({"timestamp":")" + crypto::to_base64(token) + "\"}";
  }

  static TimeStampRequest wanted() {
    TimeStampRequest request;
    request.digest = Bytes(32, 5);
    request.nonce = {0x4A, 0x00, 0xFF};
    return request;
  }
  Answer<TimeStamp> stamp(Appliance& client, Milliseconds allowed = 10'000ms) {
    return client.time_stamp(wanted(), Deadline::after(allowed));
  }
  Failure failure(Appliance& client, Milliseconds allowed = 10'000ms) {
    const auto answer = stamp(client, allowed);
    return answer ? Failure::exists_already : answer.error().failure;  // which it never is
  }

  const Bytes token_ = {0x30, 0x03, 0x02, 0x01, 0x2A};
};

TEST_F(TimeStamperTest, SendsDigestAlgorithmAndNonceAndGivesTheToken) {
  const auto client = make_appliance(settings());
  const auto answer = stamp(*client);
  ASSERT_TRUE(answer) << answer.error().sentence;
  EXPECT_EQ(answer.value().token, token_);
  EXPECT_EQ(answer.value().trace.member, origin() + "/csc/v2");
  ASSERT_EQ(count(kStamp), 1U);
  const TestRequest sent = requests_of(kStamp).front();
  EXPECT_EQ(sent.headers.at("authorization"), "Bearer token-1");
  EXPECT_EQ(json_of(sent), (boost::json::object{{"hash", crypto::to_base64(Bytes(32, 5))},
                                                {"hashAlgo", "2.16.840.1.101.3.4.2.1"},
                                                {"nonce", "4a00ff"}}));
  EXPECT_EQ(count("credentials/list"), 0U) << "it belongs to no credential";
}

TEST_F(TimeStamperTest, Version1HasTheSameNames) {
  Settings v1 = settings();
  v1.members.front().url = origin() + "/csc/v1";
  const auto client = make_appliance(std::move(v1));
  TimeStampRequest request = wanted();
  request.hash = Hash::sha512;
  request.digest = Bytes(64, 6);
  request.nonce.clear();
  ASSERT_TRUE(client->time_stamp(request, Deadline::after(10'000ms)));
  const TestRequest sent = requests_of(kStamp).front();
  EXPECT_EQ(sent.path, "/csc/v1/signatures/timestamp");
  EXPECT_EQ(json_of(sent), (boost::json::object{{"hash", crypto::to_base64(Bytes(64, 6))},
                                                {"hashAlgo", "2.16.840.1.101.3.4.2.3"}}));
}

TEST_F(TimeStamperTest, InfoSaysWhetherTheServiceOffersIt) {
  const auto client = make_appliance(settings());
  const auto offered = client->info(Deadline::after(10'000ms));
  ASSERT_TRUE(offered) << offered.error().sentence;
  EXPECT_TRUE(offered.value().time_stamps);
  on("info", info_body());
  EXPECT_FALSE(client->info(Deadline::after(10'000ms)).value().time_stamps);
  EXPECT_FALSE(client->minimum().time_stamps);
}

TEST_F(TimeStamperTest, AServiceThatDoesNotNameItIsAskedAllTheSame) {
  on("info", info_body());
  const auto client = make_appliance(settings());
  EXPECT_TRUE(stamp(*client));
}

TEST_F(TimeStamperTest, AServiceWithoutItIsAskedOnceUntilItSaysMore) {
  on("info", info_body());
  const auto client = make_appliance(settings());
  for (const int status : {404, 405, 501}) {
    on(kStamp, "", status);
    ASSERT_TRUE(client->info(Deadline::after(10'000ms)));
    const std::size_t before = count(kStamp);
    EXPECT_EQ(failure(*client), Failure::not_supported) << status;
    const auto again = stamp(*client);
    ASSERT_FALSE(again);
    EXPECT_EQ(again.error().failure, Failure::not_supported);
    EXPECT_NE(again.error().sentence.find("name the URL of a time-stamp authority"),
              std::string::npos)
        << again.error().sentence;
    EXPECT_EQ(count(kStamp), before + 1) << status;
  }
  on("info", named_info());
  on(kStamp, stamp_body(token_));
  ASSERT_TRUE(client->info(Deadline::after(10'000ms)));
  EXPECT_TRUE(stamp(*client));
}

TEST_F(TimeStamperTest, ARefusedTokenIsRenewedOnce) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(stamp(*client));
  on_first(1, kStamp, {.status = 401, .body = error_body("invalid_token", "expired")});
  EXPECT_TRUE(stamp(*client));
  EXPECT_EQ(count("oauth2/token"), 2U);
  on(kStamp, error_body("invalid_token", "expired"), 401);
  EXPECT_EQ(failure(*client), Failure::access_refused);
  EXPECT_EQ(count("oauth2/token"), 3U);
}

TEST_F(TimeStamperTest, ALostAnswerIsAskedForAgain) {
  const auto client = make_appliance(settings());
  on_first(1, kStamp, {.body = stamp_body(token_), .ending = Ending::cut});
  EXPECT_TRUE(stamp(*client));
  EXPECT_EQ(count(kStamp), 2U);
}

TEST_F(TimeStamperTest, ABusyServiceIsWaitedFor) {
  const auto client = make_appliance(settings());
  on_first(1, kStamp, {.status = 503, .body = error_body("temporarily_unavailable", "busy")});
  EXPECT_TRUE(stamp(*client));
}

TEST_F(TimeStamperTest, EndsByItsDeadline) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(client->info(Deadline::after(10'000ms)));
  on(kStamp, {.ending = Ending::stall});
  const auto began = std::chrono::steady_clock::now();
  EXPECT_EQ(failure(*client, 1500ms), Failure::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST_F(TimeStamperTest, RefusalsAreToldInTheServicesWords) {
  const auto client = make_appliance(settings());
  on(kStamp, error_body("invalid_request", "Invalid parameter nonce"), 400);
  const auto answer = stamp(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::bad_parameter);
  EXPECT_NE(answer.error().sentence.find("Invalid parameter nonce"), std::string::npos)
      << answer.error().sentence;
}

TEST_F(TimeStamperTest, AnAnswerWithoutATokenIsRefused) {
  const auto client = make_appliance(settings());
  for (const std::string& body :
       {std::string("{}"), std::string(R"({"timestamp":null})"), std::string(R"({"timestamp":7})"),
        std::string(R"({"timestamp":""})"), std::string(R"({"timestamp":"not base64!"})"),
        std::string(R"({"timestamp":["MAA="]})"), std::string("[]"),
        stamp_body(Bytes(kLargestTimeStamp + 1))}) {
    on(kStamp, body);
    EXPECT_EQ(failure(*client, 3000ms), Failure::bad_answer) << body.substr(0, 60);
  }
  on(kStamp, stamp_body(Bytes(kLargestTimeStamp)));
  EXPECT_TRUE(stamp(*client));
}

TEST_F(TimeStamperTest, WhatCannotBeSentIsRefusedWithoutARequest) {
  const auto client = make_appliance(settings());
  TimeStampRequest request = wanted();
  request.digest.pop_back();
  const auto refused = [&] {
    const auto answer = client->time_stamp(request, Deadline::after(10'000ms));
    return answer ? Failure::exists_already : answer.error().failure;
  };
  EXPECT_EQ(refused(), Failure::digest_length);
  request.digest.push_back(1);
  request.hash = Hash::none;
  EXPECT_EQ(refused(), Failure::bad_parameter);
  request.hash = Hash::sha256;
  request.nonce = Bytes(65, 1);
  EXPECT_EQ(refused(), Failure::bad_parameter);
  EXPECT_TRUE(server_.requests().empty());
}

TEST_F(TimeStamperTest, OtherDialectsSayThatTheyHaveNone) {
  for (const auto dialect : {config::Dialect::native, config::Dialect::sapiws}) {
    Settings other = settings();
    other.dialect = dialect;
    const auto client = make_appliance(std::move(other));
    EXPECT_EQ(failure(*client), Failure::not_supported);
    EXPECT_FALSE(client->minimum().time_stamps);
  }
  EXPECT_TRUE(server_.requests().empty());
}

}  // namespace
}  // namespace signet::transport::csc
