// Requests that are made again, and answers that come again.

#include <gtest/gtest.h>

#include <atomic>
#include <memory>
#include <string>

#include "crypto/base64.h"
#include "dsa-transport/sign_record.h"
#include "dsa-transport/testing/native_test_scene.h"

namespace signet::transport {
namespace {

using NativeRepeatTest = NativeTest;

TEST_F(NativeRepeatTest, SendsTheIdempotencyKeyThatItIsGiven) {
  TlsTestServer server(identity_, [&](const TestRequest& request) -> TestReply {
    return request.path.ends_with("/keys") ? TestReply{.status = 201, .body = key_body()}
                                           : TestReply{.body = signatures_body(64)};
  });
  const auto client = client_of(server);
  const std::string key = "0f8fad5b-d9cb-469f-a165-70867728950e";
  KeySpec spec{KeyType::ec, 0, Curve::p256, {}, {}};
  spec.idempotency_key = key;
  SignRequest request = sign_request();
  request.idempotency_key = key;
  ASSERT_TRUE(client->generate_key(who_, spec, soon()));
  ASSERT_TRUE(client->sign(who_, request, soon()));
  for (const TestRequest& seen : server.requests())
    EXPECT_EQ(seen.headers.at("idempotency-key"), key);
  EXPECT_GE(client->repeatable_for(), std::chrono::minutes(10));
}

TEST_F(NativeRepeatTest, ARecordHasTheRequestAsItWasSent) {
  TlsTestServer server = server_with({.body = signatures_body(64)});
  SignRequest request = sign_request();
  const auto record = std::make_shared<SignRecord>();
  record->begin(request);
  request.records = {record};
  ASSERT_TRUE(client_of(server)->sign(who_, request, soon()));
  const auto sent = record->settle("another key");
  ASSERT_TRUE(sent);
  EXPECT_EQ(sent->request->idempotency_key, server.requests()[0].headers.at("idempotency-key"));
  EXPECT_EQ(sent->request->digests, request.digests);
  EXPECT_EQ(sent->position, 0U);
}

// The second one lies in wait for the next request of the connection.
TEST_F(NativeRepeatTest, AnAnswerThatComesTwiceIsNotThatOfTheNextRequest) {
  const auto raw_answer = [](std::uint8_t filling) {
    const std::string body = R"({"signatures":[")" + crypto::to_base64(Bytes(64, filling)) + "\"]}";
    return "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: " +
           std::to_string(body.size()) + "\r\n\r\n" + body;
  };
  std::atomic<int> asked{0};
  TlsTestServer server(identity_, [&](const TestRequest& /*request*/) -> TestReply {
    return {.raw = ++asked == 1 ? raw_answer(1) + raw_answer(2) : raw_answer(3)};
  });
  const auto client = client_of(server);
  const auto first = client->sign(who_, sign_request(), soon());
  ASSERT_TRUE(first) << first.error().sentence;
  EXPECT_EQ(first.value().values, std::vector<Bytes>({Bytes(64, 1)}));
  const auto second = client->sign(who_, sign_request(), soon());
  ASSERT_TRUE(second) << second.error().sentence;
  EXPECT_EQ(second.value().values, std::vector<Bytes>({Bytes(64, 3)}));
}

}  // namespace
}  // namespace signet::transport
