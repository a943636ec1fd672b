#include "seal-server/testing/service_scene.h"

namespace signet::sealserver {
namespace {

using https::server::Request;

class CredentialCalls : public ServiceScene {
 protected:
  CredentialCalls() {
    sequencer_->write([&](Group& group) {
      put_cryptogram(group, spki_of_certificate(certificate_), {"Y3J5cHQ=", "Zmlyc3Q="});
    });
  }

  Request change(const std::string& body, const std::string& key) {
    Request post = request("POST", "credentials/change", body);
    post.set_header("Idempotency-Key", key);
    return post;
  }
  Request commit(const std::string& lease, const std::string& credentials, const std::string& key) {
    Request post = request("POST", "credentials/commit",
                           R"({"lease":")" + lease + R"(","credentials":")" + credentials + "\"}");
    post.set_header("Idempotency-Key", key);
    return post;
  }
};

TEST_F(CredentialCalls, LetOneMachineChangeThePassword) {
  EXPECT_TRUE(answer(request("GET", "cryptogram")).at("next").as_array().empty());
  const auto lease = answer(change(R"({"next":"c2Vjb25k"})", "a"));
  EXPECT_EQ(lease.at("credentials").as_string(), "Zmlyc3Q=");
  EXPECT_EQ(lease.at("next").as_array().at(0).as_string(), "c2Vjb25k");
  const std::string until(lease.at("until").as_string());
  // Logins wait.
  const auto waits = service_->handle(request("GET", "cryptogram"));
  EXPECT_EQ(
      outcome(waits),
      "409 The client's credentials are being changed; the lease on that ends at " + until + ".");
  EXPECT_TRUE(std::ranges::any_of(waits.headers,
                                  [](const auto& field) { return field.first == "Retry-After"; }));
  EXPECT_TRUE(outcome(change("{}", "b")).starts_with("409 The client's credentials are being"));
  // The same request again, since its answer was lost.
  EXPECT_EQ(answer(change(R"({"next":"c2Vjb25k"})", "a")), lease);
  const std::string id(lease.at("lease").as_string());
  EXPECT_EQ(answer(commit(id, "c2Vjb25k", "c")).at("credentials").as_string(), "c2Vjb25k");
  EXPECT_EQ(answer(commit(id, "c2Vjb25k", "c")).at("credentials").as_string(), "c2Vjb25k");
  const auto now = answer(request("GET", "cryptogram"));
  EXPECT_EQ(now.at("credentials").as_string(), "c2Vjb25k");
  EXPECT_EQ(now.at("cryptogram").as_string(), "Y3J5cHQ=");
  EXPECT_FALSE(now.contains("statement"));
}

TEST_F(CredentialCalls, GiveOutWhatMayHaveBecomeThePasswordAfterALapsedLease) {
  answer(change(R"({"next":"c2Vjb25k"})", "a"));
  now_ += std::chrono::seconds(60);
  const auto login = answer(request("GET", "cryptogram"));
  EXPECT_EQ(login.at("credentials").as_string(), "Zmlyc3Q=");
  EXPECT_EQ(login.at("next").as_array().at(0).as_string(), "c2Vjb25k");
  answer(change("{}", "b"));  // one login holds the lease
  EXPECT_TRUE(outcome(request("GET", "cryptogram")).starts_with("409 "));
}

TEST_F(CredentialCalls, RefuseWhatTheContractDoesNotHave) {
  EXPECT_EQ(outcome(change(R"({"next":""})", "a")),
            "422 \"next\" must be base64 of 1 to 65536 octets.");
  EXPECT_EQ(outcome(change(R"({"next":"?"})", "a")),
            "422 \"next\" must be base64 of 1 to 65536 octets.");
  EXPECT_EQ(outcome(change(R"({"next":")" + std::string(100000, 'A') + "\"}", "a")),
            "422 \"next\" has more than 65536 octets.");
  EXPECT_EQ(outcome(change(R"({"more":1})", "a")), "422 There is no member \"more\".");
  EXPECT_EQ(outcome(commit("", "YQ==", "a")), "422 \"lease\" is missing or empty.");
  EXPECT_EQ(outcome(commit("none", "YQ==", "a")),
            "409 This lease is not this key's, or another one was given since.");
  EXPECT_EQ(outcome(request("GET", "credentials/change")), "405 This path takes POST.");
  EXPECT_TRUE(outcome(change("{}", "")).starts_with("400 The request needs an Idempotency-Key"));
}

}  // namespace
}  // namespace signet::sealserver
