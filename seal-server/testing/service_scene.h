// For tests: the contract's calls over an empty database, with a client whose key is active.
#ifndef SIGNET_SEAL_SERVER_TESTING_SERVICE_SCENE_H_
#define SIGNET_SEAL_SERVER_TESTING_SERVICE_SCENE_H_

#include <boost/json.hpp>

#include "crypto/base64.h"
#include "crypto/testing/test_key.h"
#include "seal-server/server/service.h"
#include "seal-server/testing/records_scene.h"

namespace signet::sealserver {

class ServiceScene : public RecordsScene {
 protected:
  ServiceScene() {
    // The certificates of the test keys are valid from the system's time on.
    now_ = std::chrono::system_clock::now();
    service_ = std::make_unique<Service>(
        *sequencer_,
        Service::Options{.database = database_.address(), .now = [this] { return now_; }});
    id_ = add_with(certificate_, {});
  }

  std::string add_with(ByteView certificate, const SealLimits& limits) {
    return sequencer_->write([&](Group& group) {
      Client client;
      client.name = "Office";
      client.limits = limits;
      const std::string id = add_client(group, client);
      add_key(group, id, certificate);
      return id;
    });
  }

  https::server::Request request(const std::string& method, const std::string& target,
                                 const std::string& body = "") const {
    https::server::Request request;
    request.method = method;
    request.target = "/seal/v1/" + target;
    request.body = body;
    request.peer.certificate = certificate_;
    if (!body.empty()) request.set_header("Content-Type", "application/json");
    if (method == "POST") request.set_header("Idempotency-Key", "key-1");
    return request;
  }

  // "status detail" of a problem, "200" of an answer.
  static std::string outcome(const https::server::Response& answer) {
    if (answer.status == 200) return "200";
    const auto problem = boost::json::parse(answer.body).as_object();
    EXPECT_EQ(problem.at("status").to_number<unsigned>(), answer.status);
    return std::to_string(answer.status) + " " + std::string(problem.at("detail").as_string());
  }
  std::string outcome(const https::server::Request& request) {
    return outcome(service_->handle(request));
  }

  boost::json::object answer(const https::server::Request& request) {
    const https::server::Response response = service_->handle(request);
    EXPECT_EQ(response.status, 200U) << response.body;
    return boost::json::parse(response.body).as_object();
  }

  static std::string digest(char octet) {
    return crypto::to_base64(Bytes(32, static_cast<std::uint8_t>(octet)));
  }

  static std::string opening(char octet, const std::string& more = "") {
    return R"({"transactions":[{"kind":"seal","reference":"A/1","digest":")" + digest(octet) +
           R"(","sealingCertificate":")" + std::string(64, 'c') + R"("}])" + more + "}";
  }

  std::string open_one(char octet, const std::string& key) {
    https::server::Request post = request("POST", "transactions", opening(octet));
    post.set_header("Idempotency-Key", key);
    return std::string(
        answer(post).at("transactions").as_array().at(0).as_object().at("id").as_string());
  }

  static std::string sealed() {
    return R"({"state":"sealed","sealedDigest":")" + digest('s') +
           R"(","signedAt":"2027-01-15T08:00:01Z"})";
  }

  const Bytes certificate_ = crypto::TestKey::on_curve("P-256").certificate();
  const Bytes other_certificate_ = crypto::TestKey::on_curve("P-384").certificate();
  std::unique_ptr<Service> service_;
  std::string id_;
};

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_TESTING_SERVICE_SCENE_H_
