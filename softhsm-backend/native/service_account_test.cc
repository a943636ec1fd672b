// The contract without sockets: who may call, and what every call has in common.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "common/processor_time.h"
#include "softhsm-backend/native/testing/service_scene.h"

namespace signet::emulator {
namespace {

using testing::HasSubstr;

TEST_F(ServiceTest, TellsWhatItIsWithoutAPassword) {
  Request open = request("GET", "/appliance");
  open.set_header("Authorization", "");
  const json body = boost::json::parse(send(open).body);
  EXPECT_EQ(body.at("model"), "Signet emulator");
  EXPECT_EQ(body.at("role"), "primary");
  EXPECT_EQ(boost::json::parse(appliance->alternate.handle(open).body).at("clusterId"),
            body.at("clusterId"));
}

TEST_F(ServiceTest, AsksForAPasswordEverywhereElse) {
  for (const char* header : {"", "Basic", "Basic ####", "Basic YQ==", "Bearer abc", "basic"}) {
    Request made = request("GET", "/account");
    made.set_header("Authorization", header);
    const Answer answer = send(made);
    EXPECT_EQ(answer.status, 401U) << header;
    EXPECT_EQ(answer.headers.front().first, "WWW-Authenticate");
  }
}

TEST_F(ServiceTest, LocksAtTheFifthWrongPasswordOnBothMembers) {
  Request wrong = request("GET", "/account");
  wrong.set_header("Authorization", basic(user, "wrong"));
  for (int i = 0; i < 5; ++i) {
    Service& member = i % 2 == 0 ? appliance->primary : appliance->alternate;
    EXPECT_EQ(code(member.handle(wrong)), "0x900201E0");
  }
  EXPECT_EQ(code(send(wrong)), "0x900201E2");
  EXPECT_EQ(code(call("GET", "/account")), "0x900201E2");
}

TEST_F(ServiceTest, ForgetsWrongPasswordsAfterARightOne) {
  Request wrong = request("GET", "/account");
  wrong.set_header("Authorization", basic(user, "wrong"));
  for (int round = 0; round < 3; ++round) {
    for (int i = 0; i < 4; ++i) EXPECT_EQ(send(wrong).status, 401U);
    EXPECT_EQ(call("GET", "/account").status, 200U);
  }
}

TEST_F(ServiceTest, RefusesAccountsThatAreDisabledExpiredOrNotActivated) {
  set("disabled = 1");
  EXPECT_EQ(code(call("GET", "/objects")), "0x900201E4");
  set("disabled = 0, activated = 0");
  EXPECT_EQ(code(call("GET", "/objects")), "0x900201E5");
  set("activated = 1, password_expires_at = 1");
  EXPECT_EQ(code(call("GET", "/objects")), "0x900201E3");
  EXPECT_EQ(call("PUT", "/account/password", {{"newPassword", "another one"}}).status, 204U);
  Request renewed = request("GET", "/account");
  renewed.set_header("Authorization", basic(user, "another one"));
  EXPECT_EQ(send(renewed).status, 200U);
}

TEST_F(ServiceTest, HoldsNewPasswordsToThePolicy) {
  const auto change = [&](const json& password) {
    return code(call("PUT", "/account/password", {{"newPassword", password}}));
  };
  EXPECT_EQ(change("abc"), "0x900201E7");
  EXPECT_EQ(change(json(std::string(129, 'x'))), "0x900201E7");
  EXPECT_EQ(change(kTestPassword), "0x900201E6");
  EXPECT_EQ(change(json(user)), "0x900201E6");
  EXPECT_EQ(change("with\nline"), "0x900201E6");
  EXPECT_EQ(change(7), "0x90030702");
}

TEST_F(ServiceTest, LetsOnlyAdministratorsSetOthersPasswords) {
  const std::string path = "/accounts/" + user + "/password";
  EXPECT_EQ(call("PUT", path, {{"newPassword", "set by admin"}}).status, 403U);
  add_user(user + "-admin", true);
  Request made = request("PUT", path, {{"newPassword", "set by admin"}});
  made.set_header("Authorization", basic(user + "-admin", kTestPassword));
  EXPECT_EQ(send(made).status, 204U);
  EXPECT_EQ(call("GET", "/account").status, 401U);
  made.target = "/dsa/v1/accounts/nobody/password";
  EXPECT_EQ(send(made).status, 404U);
}

TEST_F(ServiceTest, AnUnknownUserCostsAsMuchAsAWrongPassword) {
  const auto cost_of = [&](const std::string& name) {
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 3; ++i) {
      Request made = request("GET", "/account");
      made.set_header("Authorization", basic(name, "wrong"));
      const auto begin = processor_time();
      EXPECT_EQ(send(made).status, 401U);
      best = std::min(best, processor_time() - begin);
    }
    return best;
  };
  const auto known = cost_of(user);
  EXPECT_GT(2 * cost_of("nobody"), known);
}

TEST_F(ServiceTest, SendsWritesToThePrimary) {
  for (const auto& [method, path] : {std::pair("POST", "/keys"),
                                     {"PATCH", "/keys/x"},
                                     {"DELETE", "/keys/x"},
                                     {"POST", "/certificates"},
                                     {"PATCH", "/certificates/x"},
                                     {"DELETE", "/certificates/x"}}) {
    const Answer answer = appliance->alternate.handle(request(method, path, boost::json::object()));
    EXPECT_EQ(answer.status, 421U) << method << path;
    EXPECT_THAT(value_to<std::string>(boost::json::parse(answer.body).at("primary")),
                HasSubstr("https://127.0.0.1:"));
  }
}

TEST_F(ServiceTest, HidesAnAccountsObjectsFromOthers) {
  const json key = make_ec_key();
  const std::string path = "/keys/" + value_to<std::string>(key.at("id"));
  user += "-other";
  add_user(user);
  EXPECT_EQ(boost::json::parse(call("GET", "/objects").body).at("keys").as_array().size(), 0U);
  EXPECT_EQ(call("POST", path + "/signatures", sign_body()).status, 404U);
  EXPECT_EQ(call("PATCH", path, {{"label", ""}}).status, 404U);
  EXPECT_EQ(call("DELETE", path).status, 404U);
}

TEST_F(ServiceTest, AddsAccountsForAdministrators) {
  json body{{"user", user + "-new"}, {"commonName", "Kancelář"}, {"password", "a new password"}};
  EXPECT_EQ(code(call("POST", "/accounts", body)), "0x900201EB");
  set("administrator = 1");
  Request made = request("POST", "/accounts", body);
  const Answer added = send(made);
  EXPECT_EQ(added.status, 201U);
  EXPECT_EQ(boost::json::parse(added.body).at("rights").as_array().size(), 1U);
  EXPECT_EQ(send(made).body, added.body);  // the same request again
  EXPECT_EQ(code(call("POST", "/accounts", body)), "0x90030704");
  EXPECT_EQ(appliance->alternate.handle(request("POST", "/accounts", body)).status, 421U);
  Request own = request("GET", "/account");
  own.set_header("Authorization", basic(user + "-new", "a new password"));
  EXPECT_EQ(boost::json::parse(send(own).body).at("commonName"), "Kancelář");
}

TEST_F(ServiceTest, RefusesAccountsThatNobodyCouldUse) {
  set("administrator = 1");
  const auto refused = [&](const char* name, const json& value) {
    json body{{"user", "fresh"}, {"commonName", "Fresh"}, {"password", "a new password"}};
    body.as_object()[name] = value;
    return code(call("POST", "/accounts", body));
  };
  EXPECT_EQ(refused("user", "a/b"), "0x90030702");
  EXPECT_EQ(refused("user", ""), "0x90030702");
  EXPECT_EQ(refused("commonName", "a\nb"), "0x90030702");
  EXPECT_EQ(refused("password", "abc"), "0x900201E7");
  EXPECT_EQ(refused("password", "fresh"), "0x900201E6");
  EXPECT_EQ(refused("keyLimit", -1), "0x90030702");
  EXPECT_EQ(refused("keyLimit", 10'001), "0x90030702");
  set("administrator = 0");
  EXPECT_EQ(call("GET", "/account").status, 200U);
}

TEST_F(ServiceTest, KeepsTheKeyLimitOfANewAccount) {
  set("administrator = 1");
  const std::string fresh = user + "-limited";
  ASSERT_EQ(
      call("POST", "/accounts",
           {{"user", fresh}, {"commonName", fresh}, {"password", kTestPassword}, {"keyLimit", 0}})
          .status,
      201U);
  user = fresh;
  EXPECT_EQ(code(call("POST", "/keys",
                      {{"type", "EC"}, {"curve", "P-256"}, {"label", "AQ=="}, {"ckaId", "AQ=="}})),
            "0x90037008");
}

// Lists in an object, so many levels in all.
std::string nested(int levels) {
  const auto lists = static_cast<std::size_t>(levels - 1);
  return R"({"type":)" + std::string(lists, '[') + std::string(lists, ']') + "}";
}

TEST_F(ServiceTest, AnswersClientsMistakesWithTheirOwnStatus) {
  EXPECT_EQ(call("GET", "/nothing").status, 404U);
  EXPECT_EQ(call("GET", "/objects/").status, 404U);
  Request outside = request("GET", "");
  outside.target = "/dsa/v2/account";
  EXPECT_EQ(send(outside).status, 404U);
  const Answer wrong = call("DELETE", "/account");
  EXPECT_EQ(wrong.status, 405U);
  EXPECT_EQ(wrong.headers.front(), std::pair(std::string("Allow"), std::string("GET")));
  Request typed = request("POST", "/keys", boost::json::object());
  typed.set_header("Content-Type", "text/plain");
  EXPECT_EQ(send(typed).status, 415U);
  for (const std::string& body :
       {std::string("{"), std::string(), std::string("{\"a\":\"\xFF\"}"), std::string(100'000, '['),
        std::string("\0", 1), std::string("{} {}"), std::string(R"({"type":"EC","type":"EC"})"),
        nested(33)}) {
    Request malformed = request("POST", "/keys");
    malformed.body = body;
    EXPECT_EQ(send(malformed).status, 400U) << body.substr(0, 20);
  }
  Request deep = request("POST", "/keys");
  deep.body = nested(32);
  EXPECT_EQ(send(deep).status, 422U);
  for (const char* body : {"[]", "7", "null", "\"text\"", "{\"type\":null}", "{\"type\":1e400}"}) {
    Request mistyped = request("POST", "/keys");
    mistyped.body = body;
    EXPECT_THAT(send(mistyped).status, testing::AnyOf(400U, 422U)) << body;
  }
}

}  // namespace
}  // namespace signet::emulator
