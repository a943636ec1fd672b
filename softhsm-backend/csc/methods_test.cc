// Each method of both versions, once with a good answer: what tests/contract/csc.sh holds against the OpenAPI file.
#include <gmock/gmock.h>

#include "softhsm-backend/csc/testing/csc_scene.h"

namespace signet::emulator::csc {
namespace {

using boost::json::array;
using boost::json::object;
using testing::HasSubstr;

class CscMethodsTest : public CscServiceTest, public testing::WithParamInterface<const char*> {
 protected:
  std::string version() const { return GetParam(); }
  bool v1() const { return version() == "v1"; }

  object good(const std::string& method, const object& body, const std::string& token = {}) {
    const Answer answer = call(method, body, token, {}, version());
    EXPECT_EQ(answer.status, 200U) << method << ' ' << answer.body;
    return boost::json::parse(answer.body).as_object();
  }

  Answer ask(const std::string& verb, const std::string& target, const std::string& authorization,
             const std::string& form) {
    Request request;
    request.method = verb;
    request.target = target;
    request.set_header("Host", "127.0.0.1:1");
    if (!authorization.empty()) request.set_header("Authorization", authorization);
    if (!form.empty()) request.set_header("Content-Type", "application/x-www-form-urlencoded");
    request.body = form;
    return send(std::move(request));
  }

  std::string path(const std::string& method) const { return "/csc/" + version() + "/" + method; }

  std::string access_token() {
    const Answer answer = ask("POST", path("oauth2/token"), basic(user, "client secret"),
                              "grant_type=client_credentials&scope=service");
    return std::string(boost::json::parse(answer.body).at("access_token").as_string());
  }

  object authorize(const array& over) const {
    object body{{"credentialID", key_}, {"numSignatures", 2}, {v1() ? "hash" : "hashes", over}};
    if (v1()) {
      body["PIN"] = kTestPassword;
    } else {
      body["hashAlgorithmOID"] = "2.16.840.1.101.3.4.2.1";
      body["authData"] = array{object{{"id", "PIN"}, {"value", kTestPassword}}};
    }
    return body;
  }
};

INSTANTIATE_TEST_SUITE_P(Versions, CscMethodsTest, testing::Values("v1", "v2"));

TEST_P(CscMethodsTest, TellWhatThereIs) {
  good("info", {});
  EXPECT_EQ(ask("GET", path("info"), {}, {}).status, 200U);
  EXPECT_EQ(ask("GET", "/.well-known/oauth-authorization-server/csc/" + version(), {}, {}).status,
            200U);
  EXPECT_EQ(ask("POST", "/.well-known/oauth-authorization-server/csc/" + version(), {}, {}).status,
            405U);
  const std::string mine = access_token();
  EXPECT_EQ(good("credentials/list", {}, mine).at("credentialIDs").as_array().size(), 1U);
  for (const char* mode : {"explicit", "implicit", "oauth2code"}) {
    set_policy([&](Policy& policy) { policy.mode = mode; });
    good(
        "credentials/info",
        {{"credentialID", key_}, {"certificates", "chain"}, {"certInfo", true}, {"authInfo", true}},
        mine);
  }
  set_policy([](Policy& policy) { policy.mode = "explicit"; });
  set("sign_credential = 'otp'");
  good("credentials/info", {{"credentialID", key_}, {"authInfo", true}}, mine);
}

TEST_P(CscMethodsTest, Sign) {
  const std::string mine = access_token();
  const object authorised = good("credentials/authorize", authorize(hashes(1)), mine);
  object order{{"credentialID", key_},
               {"SAD", authorised.at("SAD")},
               {v1() ? "hash" : "hashes", hashes(1)},
               {"signAlgo", "1.2.840.10045.4.3.2"}};
  good("signatures/signHash", order, mine);
  object extension{
      {"credentialID", key_}, {"SAD", authorised.at("SAD")}, {v1() ? "hash" : "hashes", hashes(2)}};
  if (!v1()) extension["hashAlgorithmOID"] = "2.16.840.1.101.3.4.2.1";
  const object extended = good("credentials/extendTransaction", extension, mine);
  order["SAD"] = extended.at("SAD");
  order[v1() ? "hash" : "hashes"] = hashes(2);
  if (v1()) {
    good("signatures/signHash", order, mine);
    return;
  }
  order["operationMode"] = "A";
  const object later = good("signatures/signHash", order, mine);
  good("signatures/signPolling", {{"requestID", later.at("responseID")}}, mine);
}

TEST_P(CscMethodsTest, LogInAndOut) {
  const Answer in = ask("POST", path("auth/login"), basic(user, kTestPassword), {});
  ASSERT_EQ(in.status, 200U) << in.body;
  const std::string mine(boost::json::parse(in.body).at("access_token").as_string());
  EXPECT_EQ(ask("POST", path("auth/login"), basic(user, "wrong"), {}).status, 401U);
  EXPECT_EQ(ask("POST", path("auth/login"), "nonsense", {}).status, 400U);
  EXPECT_EQ(call("auth/revoke", {{"token", mine}}, mine, {}, version()).status, 204U);
  EXPECT_EQ(call("auth/revoke", {{"token", mine}}, mine, {}, version()).status, 401U);
  EXPECT_EQ(
      ask("POST", path("oauth2/revoke"), basic(user, "client secret"), "token=" + access_token())
          .status,
      204U);
  EXPECT_EQ(
      ask("POST", path("oauth2/token"), basic(user, "client secret"), "grant_type=password").status,
      400U);
}

TEST_P(CscMethodsTest, RefuseWhatTheyMust) {
  const std::string mine = access_token();
  EXPECT_EQ(ask("PUT", path("info"), {}, {}).status, 405U);
  set("disabled = 1");
  EXPECT_THAT(call("credentials/list", {}, mine, {}, version()).body, HasSubstr("access_denied"));
}

}  // namespace
}  // namespace signet::emulator::csc
