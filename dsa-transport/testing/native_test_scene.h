// What the tests of the REST transport share: bodies as an honest appliance writes them, and
// clients with limits that no test reaches or with limits short enough for one.
#ifndef SIGNET_DSA_TRANSPORT_TESTING_NATIVE_TEST_SCENE_H_
#define SIGNET_DSA_TRANSPORT_TESTING_NATIVE_TEST_SCENE_H_

#include <gtest/gtest.h>

#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base64.h"
#include "dsa-transport/factory.h"
#include "dsa-transport/testing/test_server.h"

namespace signet::transport {

inline const std::string kKeyId = "6f1e6a52-7b7e-4f2b-9d55-0c6f3f6f0a01";
inline const std::string kCertificateId = "6f1e6a52-7b7e-4f2b-9d55-0c6f3f6f0a02";
inline const std::string kAccountBody =
    R"({"user":"seal","commonName":"Seal","rights":["user","admin"],"signCredential":"none",
        "passwordExpiresAt":"2027-01-31T12:00:00Z","somethingNew":[1]})";

inline std::string problem(int status, const std::string& sapi_code) {
  return R"({"type":"about:blank","title":"no","status":)" + std::to_string(status) +
         R"(,"detail":"because","sapiCode":")" + sapi_code + "\"}";
}

inline TestReply problem_reply(int status, const std::string& sapi_code) {
  return {.status = status,
          .body = problem(status, sapi_code),
          .content_type = "application/problem+json; charset=utf-8",
          .headers = {{"X-Request-Id", "request-4711"}}};
}

// `text` with every occurrence of `from` replaced; the test fails where there is none.
inline std::string with(std::string text, const std::string& from, const std::string& to) {
  const auto at = text.find(from);
  EXPECT_NE(at, std::string::npos) << from;
  return at == std::string::npos ? text : text.replace(at, from.size(), to);
}

class NativeTest : public testing::Test {
 protected:
  static std::string base64(std::string_view text) { return crypto::to_base64(view_of(text)); }

  std::string key_body() const {
    return R"({"id":")" + kKeyId + R"(","label":")" + base64("a label") + R"(","ckaId":")" +
           base64("\x01\x02") + R"(","type":"EC","curve":"P-256","publicKey":")" +
           crypto::to_base64(identity_->public_key_der()) +
           R"(","createdAt":"2026-01-01T00:00:00.25Z","state":"active"})";
  }

  std::string certificate_body() const {
    return R"({"id":")" + kCertificateId + R"(","label":"","ckaId":"","der":")" +
           crypto::to_base64(identity_->certificate_der()) + R"(","keyId":")" + kKeyId + "\"}";
  }

  std::string objects_body() const {
    return R"({"keys":[)" + key_body() + R"(],"certificates":[)" + certificate_body() + "]}";
  }

  static std::string signatures_body(std::size_t size) {
    return R"({"signatures":[")" + crypto::to_base64(Bytes(size, 7)) + "\"]}";
  }

  // For tests that are not about time: how long a busy machine takes, for a handshake say, does not matter to them.
  static Settings patient_options_for(std::vector<config::MemberConfig> members) {
    Settings options;
    options.members = std::move(members);
    options.limits.connect = std::chrono::seconds(20);
    options.limits.sign_attempt = std::chrono::seconds(20);
    return options;
  }

  static Settings hasty_options_for(std::vector<config::MemberConfig> members) {
    using namespace std::chrono_literals;
    Settings options = patient_options_for(std::move(members));
    options.limits.connect = 300ms;
    options.limits.sign_attempt = 300ms;
    options.limits.generate_attempt = 400ms;
    return options;
  }

  // Every request gets this reply.
  TlsTestServer server_with(TestReply reply) {
    return {identity_, [reply](const TestRequest&) { return reply; }};
  }

  std::unique_ptr<Appliance> client_of(const TlsTestServer& server) const {
    return make_appliance(patient_options_for({member_of(server)}));
  }

  static Deadline soon() { return Deadline::after(std::chrono::seconds(60)); }

  static SignRequest sign_request() {
    SignRequest request;
    request.key_id = kKeyId;
    request.algorithm = Scheme::ecdsa;
    request.digests = {Bytes(32, 1)};
    return request;
  }

  const std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();
  const Credential who_{"seal", Secret("pass\"word")};
};

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_TESTING_NATIVE_TEST_SCENE_H_
