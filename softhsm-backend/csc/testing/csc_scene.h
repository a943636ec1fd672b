// What the tests of the CSC API share: an account with a client secret and a credential, and calls without sockets.
#ifndef SIGNET_SOFTHSM_BACKEND_CSC_TESTING_CSC_SCENE_H_
#define SIGNET_SOFTHSM_BACKEND_CSC_TESTING_CSC_SCENE_H_

#include <cstdlib>
#include <fstream>
#include <memory>
#include <string>
#include <utility>

#include "softhsm-backend/csc/service.h"
#include "softhsm-backend/native/testing/service_scene.h"

namespace signet::emulator::csc {

class CscServiceTest : public ServiceTest {
 protected:
  void SetUp() override {
    ServiceTest::SetUp();
    set_policy([](Policy& policy) {
      static const std::string hash = hash_password(Secret(std::string_view("client secret")));
      policy.client_secret = hash;
    });
    key_ = make_certified_key();
  }

  template <typename Change>
  void set_policy(Change change) const {
    appliance->state.write([&](Database& database) {
      Policy policy = find_policy(database, user);
      change(policy);
      save_policy(database, user, policy);
    });
  }

  // An EC key of the account, with a certificate.
  std::string make_certified_key() const { return make_certified_key(make_ec_key()); }

  // Another certificate for a key of the account. The key's id.
  std::string make_certified_key(const json& key, Validity validity = {}) const {
    const Bytes der = certificate_for(bytes_in(key.at("publicKey")), false, validity);
    const Answer stored = ServiceTest::call(
        "POST", "/certificates", {{"der", to_base64(der)}, {"label", ""}, {"ckaId", ""}});
    EXPECT_EQ(stored.status, 201U) << stored.body;
    std::string id(key.at("id").as_string());
    return id;
  }

  Answer call(const std::string& method, const boost::json::object& body,
              const std::string& token = {}, const std::string& fault = {},
              const std::string& version = "v2") {
    Request request;
    request.method = "POST";
    request.target = "/csc/" + version + "/" + method;
    request.set_header("Content-Type", "application/json");
    if (!token.empty()) request.set_header("Authorization", "Bearer " + token);
    request.body = boost::json::serialize(body);
    request.id = new_uuid();
    request.dialect_fault = fault;
    return send(std::move(request));
  }

  // `more`: of the form; `secret`: by HTTP Basic, empty: not so.
  Answer fetch_token(const std::string& secret = "client secret", const std::string& more = {}) {
    Request request;
    request.method = "POST";
    request.target = "/csc/v2/oauth2/token";
    request.set_header("Content-Type", "application/x-www-form-urlencoded");
    if (!secret.empty()) request.set_header("Authorization", basic(user, secret));
    request.body = "grant_type=client_credentials&scope=service" + more;
    return send(std::move(request));
  }

  Answer send(Request request) {
    request.peer.certificate = certificate_;
    Answer answer = service_->handle(request);
    record(request, answer);
    return answer;
  }

  // For the check against the OpenAPI file (tests/contract/csc-exchanges).
  static void record(const Request& request, const Answer& answer) {
    const char* const file = std::getenv("SIGNET_CSC_EXCHANGES");
    if (file == nullptr) return;
    boost::json::object headers;
    for (const auto& [name, value] : answer.headers) headers[name] = value;
    const auto* const type = headers.if_contains("Content-Type");
    std::ofstream(file, std::ios::app)
        << boost::json::serialize(boost::json::object{{"method", request.method},
                                                      {"target", request.target},
                                                      {"status", answer.status},
                                                      {"type", type == nullptr ? json("") : *type},
                                                      {"headers", headers},
                                                      {"answer", answer.body}})
        << '\n';
  }
  std::string token() {
    return std::string(boost::json::parse(fetch_token().body).at("access_token").as_string());
  }

  static boost::json::array hashes(int first, int count = 1) {
    boost::json::array list;
    for (int i = 0; i < count; ++i) {
      list.emplace_back(to_base64(Bytes(32, static_cast<std::uint8_t>(first + i))));
    }
    return list;
  }

  boost::json::object authorisation(int signatures, const boost::json::array& over = {}) const {
    boost::json::object body{{"credentialID", key_},
                             {"numSignatures", signatures},
                             {"authData", {{{"id", "PIN"}, {"value", kTestPassword}}}}};
    if (!over.empty()) {
      body["hashes"] = over;
      body["hashAlgorithmOID"] = "2.16.840.1.101.3.4.2.1";
    }
    return body;
  }

  std::string sad(const std::string& token, int signatures, const boost::json::array& over = {}) {
    const Answer answer = call("credentials/authorize", authorisation(signatures, over), token);
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return std::string(boost::json::parse(answer.body).at("SAD").as_string());
  }

  Answer sign(const std::string& token, const std::string& sad, const boost::json::array& over,
              const std::string& fault = {}) {
    return call("signatures/signHash",
                {{"credentialID", key_},
                 {"SAD", sad},
                 {"hashes", over},
                 {"signAlgo", "1.2.840.10045.4.3.2"}},
                token, fault);
  }

  std::string key_;
  Bytes certificate_;  // that the client shows; empty: none
  std::unique_ptr<Service> service_ =
      std::make_unique<Service>(appliance->state, appliance->token, "primary");
};

}  // namespace signet::emulator::csc

#endif  // SIGNET_SOFTHSM_BACKEND_CSC_TESTING_CSC_SCENE_H_
