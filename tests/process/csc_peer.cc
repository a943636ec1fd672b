#include "tests/process/csc_peer.h"

#include <fmt/format.h>
#include <fmt/ranges.h>

#include <boost/json/parse.hpp>
#include <boost/json/serialize.hpp>
#include <utility>

#include "crypto/base64.h"

namespace signet::tests {

namespace json = boost::json;
using https::TestReply;
using https::TestRequest;

namespace {

constexpr std::string_view kCscInfo =
    R"({"specs":"2.0.0.2","name":"A service","authType":["TLS"],"methods":["credentials/list",)"
    R"("credentials/info","credentials/authorize","signatures/signHash","signatures/signPolling"]})";

// Behind ".../csc/v2/".
std::string method_of(const TestRequest& request) {
  for (const std::string_view version : {"/v1/", "/v2/"}) {
    const auto at = request.path.find(version);
    if (at != std::string::npos) return request.path.substr(at + version.size());
  }
  return request.path;
}

json::array texts_of(const std::vector<Bytes>& all) {
  json::array texts;
  for (const Bytes& one : all) texts.emplace_back(crypto::to_base64(one));
  return texts;
}

}  // namespace

std::string credential_text(const CscCredential& credential) {
  const json::object body = {
      {"key",
       {{"status", "enabled"},
        {"algo", json::array(credential.algorithms.begin(), credential.algorithms.end())}}},
      {"cert", {{"status", "valid"}, {"certificates", texts_of(credential.chain)}}},
      {"auth", {{"mode", "explicit"}, {"objects", {{{"type", "Password"}, {"id", "PIN"}}}}}},
      {"authMode", "explicit"},
      {"PIN", {{"presence", "true"}}},
      {"SCAL", credential.scal},
      {"multisign", credential.multisign}};
  return json::serialize(body);
}

std::string list_text(const std::vector<std::string>& ids, std::string_view next) {
  json::object body = {{"credentialIDs", json::array(ids.begin(), ids.end())}};
  if (!next.empty()) body["nextPageToken"] = next;
  return json::serialize(body);
}

std::string signatures_text(const std::vector<Bytes>& signatures) {
  return json::serialize(json::object{{"signatures", texts_of(signatures)}});
}

std::vector<Bytes> digests_in(const TestRequest& request) {
  const json::value body = json::parse(request.body);
  const json::object& members = body.as_object();
  std::vector<Bytes> digests;
  for (const auto& text : members.at(members.contains("hash") ? "hash" : "hashes").as_array()) {
    digests.push_back(crypto::from_base64(std::string_view(text.as_string())).value());
  }
  return digests;
}

std::string text_in(const TestRequest& request, std::string_view name) {
  const json::value body = json::parse(request.body);
  const json::value* const member = body.as_object().if_contains(name);
  return member != nullptr && member->is_string() ? std::string(member->get_string())
                                                  : std::string();
}

CscPeer::CscPeer(SigningKeyPtr key, CscCredential credential) {
  if (credential.chain.empty()) credential.chain = {key->certificate()};
  methods_["info"] = [](const TestRequest&) -> TestReply {
    return {.body = std::string(kCscInfo)};
  };
  methods_["credentials/list"] = [](const TestRequest&) -> TestReply {
    return {.body = list_text({"signer"})};
  };
  methods_["credentials/info"] = [text = credential_text(credential)](
                                     const TestRequest&) -> TestReply { return {.body = text}; };
  methods_["credentials/authorize"] = [](const TestRequest&) -> TestReply {
    return {.body = R"({"SAD":"a-sad"})"};
  };
  methods_["signatures/signHash"] = [key =
                                         std::move(key)](const TestRequest& request) -> TestReply {
    std::vector<Bytes> signatures;
    for (const Bytes& digest : digests_in(request)) signatures.push_back(key->sign(digest));
    return {.body = signatures_text(signatures)};
  };
}

CscPeer& CscPeer::on(const std::string& method, HostileServer::Handler answer) {
  methods_[method] = std::move(answer);
  return *this;
}

HostileServer::Handler CscPeer::handler() const {
  return [methods = methods_](const TestRequest& request) -> TestReply {
    const auto found = methods.find(method_of(request));
    if (found == methods.end()) return {.status = 404};
    return found->second(request);
  };
}

}  // namespace signet::tests
