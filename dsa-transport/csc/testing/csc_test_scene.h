// A CSC service in the test process that answers method by method, and a client of it.
#ifndef SIGNET_DSA_TRANSPORT_CSC_TESTING_CSC_TEST_SCENE_H_
#define SIGNET_DSA_TRANSPORT_CSC_TESTING_CSC_TEST_SCENE_H_

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <boost/json.hpp>
#include <cstdlib>
#include <fstream>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "crypto/base64.h"
#include "dsa-transport/factory.h"
#include "dsa-transport/testing/test_server.h"

namespace signet::transport::csc {

class CscTest : public testing::Test {
 protected:
  using Reply = TestReply;
  using Answerer = std::function<Reply(const TestRequest&)>;

  CscTest() {
    setenv("SIGNET_TEST_CSC_SECRET", "s3cret/+ %", 1);
    on("info", info_body());
    on("oauth2/token", R"({"access_token":"token-1","token_type":"Bearer","expires_in":3600})");
    on("credentials/list", R"({"credentialIDs":["cred"]})");
    on("credentials/info", credential_body("1"));
    on("credentials/authorize", R"({"SAD":"sad-1","expiresIn":300})");
    methods_["signatures/signHash"] = [this](const TestRequest& request) {
      const auto body = boost::json::parse(request.body);
      return Reply{.body = signatures_body(body.at(hashes_name_).as_array().size())};
    };
  }

  // For the check against the OpenAPI file (tests/contract/csc-exchanges).
  void TearDown() override {
    const char* const file = std::getenv("SIGNET_CSC_EXCHANGES");
    if (file == nullptr) return;
    std::ofstream records(file, std::ios::app);
    for (const TestRequest& request : server_.requests()) {
      if (!request.path.starts_with("/csc/")) continue;
      const auto type = request.headers.find("content-type");
      records << boost::json::serialize(boost::json::object{
                     {"method", request.method},
                     {"target", request.path},
                     {"sent", request.body},
                     {"type", type == request.headers.end() ? std::string() : type->second}})
              << '\n';
    }
  }

  void on(const std::string& method, std::string body, int status = 200) {
    on(method, Reply{.status = status, .body = std::move(body)});
  }
  void on(const std::string& method, Reply reply) {
    const std::lock_guard lock(mutex_);
    methods_[method] = [reply](const TestRequest&) { return reply; };
  }
  // The first `count` requests get `first`, every other one what was there before.
  void on_first(int count, const std::string& method, Reply first) {
    const std::lock_guard lock(mutex_);
    auto left = std::make_shared<std::atomic<int>>(count);
    methods_[method] = [=, then = methods_.at(method)](const TestRequest& request) {
      return (*left)-- > 0 ? first : then(request);
    };
  }

  static std::string info_body() {
    return R"({"specs":"2.0.0.2","name":"Trial","methods":["info","oauth2/token","credentials/list",
      "credentials/info","credentials/authorize","signatures/signHash","signatures/signPolling"]})";
  }

  std::string credential_body(const std::string& scal, const std::string& more = {}) const {
    return R"({"key":{"status":"enabled","algo":["1.2.840.10045.4.3.2"],"len":256},
      "cert":{"status":"valid","certificates":[")" +
           crypto::to_base64(identity_->certificate_der()) +
           R"("]},"auth":{"mode":"explicit","objects":[{"type":"Password","id":"the-pin"}]},
      "multisign":"3","SCAL":")" +
           scal + "\"" + more + "}";
  }

  static std::string signatures_body(std::size_t count) {
    boost::json::array list;
    for (std::size_t i = 0; i < count; ++i) list.emplace_back(crypto::to_base64(Bytes(64, 7)));
    return boost::json::serialize(boost::json::object{{"signatures", std::move(list)}});
  }

  static std::string error_body(const std::string& error, const std::string& description) {
    return boost::json::serialize(
        boost::json::object{{"error", error}, {"error_description", description}});
  }

  std::string origin() const { return "https://127.0.0.1:" + port(); }

  Settings settings() const {
    Settings settings;
    settings.members = {{origin() + "/csc/v2", pinning::PinSet({identity_->pin()}), {}}};
    settings.limits.connect = std::chrono::seconds(20);
    settings.limits.sign_attempt = std::chrono::seconds(20);
    settings.user = "seal";
    settings.dialect = config::Dialect::csc;
    settings.csc.secret = config::CredentialSource::parse("env:SIGNET_TEST_CSC_SECRET").value();
    return settings;
  }

  Answer<Signatures> sign(Appliance& client, std::size_t digests = 1, std::string pin = "1234",
                          Milliseconds allowed = Milliseconds(10'000)) {
    SignRequest request;
    request.key_id = "cred";
    request.algorithm = Scheme::ecdsa;
    request.digests.assign(digests, Bytes(32, 1));
    const Credential who{"seal", Secret(std::string_view(pin))};
    return client.sign(who, request, Deadline::after(allowed));
  }

  std::size_t count(const std::string& method) const {
    std::size_t found = 0;
    for (const TestRequest& request : server_.requests()) found += method_of(request) == method;
    return found;
  }
  std::vector<TestRequest> requests_of(const std::string& method) const {
    std::vector<TestRequest> found;
    for (const TestRequest& request : server_.requests()) {
      if (method_of(request) == method) found.push_back(request);
    }
    return found;
  }

  static boost::json::object json_of(const TestRequest& request) {
    return boost::json::parse(request.body).as_object();
  }

  const char* hashes_name_ = "hashes";
  std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();

 private:
  static std::string method_of(const TestRequest& request) {
    const auto version = request.path.find("/csc/v");
    return version == std::string::npos ? request.path : request.path.substr(version + 8);
  }
  std::string port() const {
    const std::string url = server_.url();
    return url.substr(18, url.find('/', 18) - 18);
  }

  std::mutex mutex_;
  std::map<std::string, Answerer> methods_;

 protected:
  TlsTestServer server_{identity_, [this](const TestRequest& request) {
                          Answerer answer;
                          {
                            const std::lock_guard lock(mutex_);
                            const auto found = methods_.find(method_of(request));
                            if (found == methods_.end()) return Reply{.status = 404};
                            answer = found->second;
                          }
                          return answer(request);
                        }};
};

}  // namespace signet::transport::csc

#endif  // SIGNET_DSA_TRANSPORT_CSC_TESTING_CSC_TEST_SCENE_H_
