// The CSC API, versions 1 and 2: one credential with a P-256 key, the PIN "1234".
#include <fmt/format.h>
#include <openssl/evp.h>
#include <stdlib.h>

#include <atomic>
#include <boost/json.hpp>
#include <stdexcept>

#include "crypto/base64.h"
#include "crypto/openssl_ptr.h"
#include "tests/failures/scripted_service.h"

namespace signet::tests {
namespace {

using https::TestReply;
using https::TestRequest;

class CscScript : public ScriptedService {
 public:
  CscScript(Dialect dialect, Situation situation) : ScriptedService(dialect, std::move(situation)) {
    setenv("SIGNET_FAILURES_SECRET", "client secret", 1);
    start(identity_);
  }

 private:
  bool v1() const { return dialect_ == Dialect::csc1; }
  std::string path() const override { return v1() ? "/csc/v1" : "/csc/v2"; }

  std::string token_config() const override {
    return fmt::format(
        "dialect = \"csc\"\n[token.csc]\nsecret = \"env:SIGNET_FAILURES_SECRET\"\n"
        "access = \"{}\"\nasynchronous = {}\n",
        situation_.login ? "login" : "oauth2", situation_.asynchronous);
  }

  std::string call_of(const TestRequest& request) const override {
    if (request.path.starts_with("/.well-known/")) return "oauth2 metadata";
    return request.path.substr(std::min(path().size() + 1, request.path.size()));
  }

  TestReply answer(const std::string& call, const TestRequest& request) override {
    if (call == "info") return {.body = info()};
    if (call == "oauth2 metadata") {
      return {.body = fmt::format(R"({{"issuer":"{0}","token_endpoint":"{0}{1}/oauth2/token"}})",
                                  origin(), path())};
    }
    if (call == "oauth2/token" || call == "auth/login") {
      return {.body = fmt::format(R"({{"access_token":"token-{}","expires_in":3600}})", ++tokens_)};
    }
    if (call == "credentials/list") return {.body = R"({"credentialIDs":["cred"]})"};
    if (call == "credentials/info") return {.body = credential()};
    if (call == "credentials/authorize") return authorisation(situation_.asks_back);
    if (call == "credentials/authorizeCheck") return authorisation(false);
    if (call == "credentials/extendTransaction") return authorisation(false);
    if (call == "signatures/signHash") return sign(request);
    if (call == "signatures/signPolling") return poll(request);
    if (call == "signatures/timestamp") return {.body = R"({"timestamp":"MAMCAQA="})"};
    return {.status = 404};
  }

  std::string info() const {
    std::string methods =
        R"("info","credentials/list","credentials/info","credentials/authorize","signatures/signHash","signatures/timestamp")";
    if (situation_.extends) methods += R"(,"credentials/extendTransaction")";
    if (!v1()) methods += R"(,"credentials/authorizeCheck","signatures/signPolling")";
    return fmt::format(R"({{"specs":"{}","name":"Trial","methods":[{}]{}}})",
                       v1() ? "1.0.4.0" : "2.0.0.2", methods,
                       situation_.issuer ? R"(,"oauth2Issuer":")" + origin() + '"' : "");
  }

  std::string credential() const {
    const std::string authorised =
        v1() ? R"("authMode":"explicit","PIN":{"presence":"true","format":"A"})"
             : R"("auth":{"mode":"explicit","objects":[{"type":"Password","id":"PIN"}]})";
    return fmt::format(
        R"({{"key":{{"status":"enabled","algo":["1.2.840.10045.4.3.2"],"len":256}},)"
        R"("cert":{{"status":"valid","certificates":["{}"]}},{},"multisign":{},"SCAL":"{}"}})",
        crypto::to_base64(identity_->certificate_der()), authorised, situation_.multisign,
        situation_.scal1 ? 1 : 2);
  }

  TestReply authorisation(bool by_handle) {
    if (by_handle) return {.status = 202, .body = R"({"handle":"handle-1"})"};
    return {.body = fmt::format(R"({{"SAD":"sad-{}","expiresIn":300}})", ++sads_)};
  }

  TestReply sign(const TestRequest& request) {
    const auto body = boost::json::parse(request.body).as_object();
    if (situation_.token_ends && tokens_ == 1 && ++signatures_ == 2) {
      return {.status = 401, .body = R"({"error":"invalid_token"})"};
    }
    boost::json::array signatures;
    for (const auto& hash : body.at(v1() ? "hash" : "hashes").as_array()) {
      note_signed(std::string(hash.as_string()));
      signatures.emplace_back(signature_of(hash.as_string()));
    }
    const std::string made =
        boost::json::serialize(boost::json::object{{"signatures", std::move(signatures)}});
    if (!body.contains("operationMode")) return {.body = made};
    const std::lock_guard lock(mutex_);
    const std::string id = fmt::format("response-{}", waiting_.size());
    waiting_[id] = {made, situation_.polls};
    return {.body = fmt::format(R"({{"responseID":"{}"}})", id)};
  }

  TestReply poll(const TestRequest& request) {
    const auto body = boost::json::parse(request.body).as_object();
    const std::lock_guard lock(mutex_);
    auto& [made, polls] = waiting_.at(std::string(body.at("requestID").as_string()));
    if (polls-- > 0) return {.status = 202, .body = R"({"error":"accepted_request"})"};
    return {.body = made};
  }

  std::string signature_of(std::string_view hash) const {
    const auto digest = crypto::from_base64(hash);
    const OpensslPtr<EVP_PKEY_CTX, EVP_PKEY_CTX_free> context(
        EVP_PKEY_CTX_new(identity_->key(), nullptr));
    Bytes signature(128);
    std::size_t size = signature.size();
    if (!digest || EVP_PKEY_sign_init(context.get()) != 1 ||
        EVP_PKEY_sign(context.get(), signature.data(), &size, digest->data(), digest->size()) !=
            1) {
      throw std::runtime_error("no signature");
    }
    signature.resize(size);
    return crypto::to_base64(signature);
  }

  const std::shared_ptr<https::TestIdentity> identity_ = std::make_shared<https::TestIdentity>();
  std::atomic<int> tokens_{0};
  std::atomic<int> sads_{0};
  std::atomic<int> signatures_{0};
  std::mutex mutex_;
  std::map<std::string, std::pair<std::string, int>> waiting_;  // by responseID
};

}  // namespace

std::unique_ptr<ScriptedService> make_csc_service(Dialect dialect, Situation situation) {
  return std::make_unique<CscScript>(dialect, std::move(situation));
}

}  // namespace signet::tests
