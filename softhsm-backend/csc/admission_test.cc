// Who is not let in any more, and how access ends.
#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>

#include "common/processor_time.h"
#include "softhsm-backend/csc/testing/csc_scene.h"

namespace signet::emulator::csc {
namespace {

using boost::json::object;
using testing::HasSubstr;
using testing::Not;

class CscAdmissionTest : public CscServiceTest {
 protected:
  // `authorization`: the header's value, empty: none.
  Answer ask(const std::string& method, const std::string& body,
             const std::string& authorization = {}, const std::string& type = {}) {
    Request request;
    request.method = "POST";
    request.target = "/csc/v2/" + method;
    if (!authorization.empty()) request.set_header("Authorization", authorization);
    if (!type.empty()) request.set_header("Content-Type", type);
    request.body = body;
    return send(std::move(request));
  }

  Answer form(const std::string& method, const std::string& body,
              const std::string& authorization = {}) {
    return ask(method, body, authorization, "application/x-www-form-urlencoded");
  }

  std::string as_client() const { return basic(user, "client secret"); }
  std::string as_user() const { return basic(user, kTestPassword); }

  object log_in(const object& body) {
    const Answer answer =
        ask("auth/login", boost::json::serialize(body), as_user(), "application/json");
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return boost::json::parse(answer.body).as_object();
  }

  object renew(const std::string& refresh) {
    const Answer answer = call("auth/login", {{"refresh_token", refresh}});
    EXPECT_EQ(answer.status, 200U) << answer.body;
    return boost::json::parse(answer.body).as_object();
  }

  unsigned listing(const std::string& token) { return call("credentials/list", {}, token).status; }

  static std::string text(const object& from, const char* name) {
    return std::string(from.at(name).as_string());
  }

  static std::string challenge(const Answer& answer) {
    for (const auto& [name, value] : answer.headers) {
      if (name == "WWW-Authenticate") return value;
    }
    return {};
  }
};

// Whatever the mode, and as the contract does for whoever sends the password.
TEST_F(CscAdmissionTest, LetsInNoAccountThatMayNotComeInByPassword) {
  set_policy([](Policy& policy) {
    policy.mode = "implicit";
    policy.scal = 1;
  });
  const std::string mine = token();
  const std::string given = sad(mine, 9);
  const auto refused = [&](const char* what, unsigned status, const char* words) {
    set(what);
    for (const std::string& method :
         {std::string("credentials/list"), std::string("credentials/authorize")}) {
      const Answer answer = call(method, authorisation(1), mine);
      EXPECT_EQ(answer.status, status) << what;
      EXPECT_THAT(answer.body, HasSubstr(words));
    }
    EXPECT_EQ(sign(mine, given, hashes(1)).status, status) << what;
    set("disabled = 0, activated = 1, wrong_count = 0, password_expires_at = NULL");
  };
  refused("disabled = 1", 403U, "The user is disabled");
  refused("activated = 0", 403U, "The user is not activated");
  refused("password_expires_at = 1", 403U, "The password of the user has expired");
  refused("wrong_count = 5", 400U, "Credential locked");
  EXPECT_EQ(journal_entries(), 0);
  EXPECT_EQ(sign(mine, given, hashes(1)).status, 200U);
  set("wrong_count = 5");
  EXPECT_THAT(call("credentials/list", {}, mine, {}, "v1").body, HasSubstr("PIN locked"));
}

TEST_F(CscAdmissionTest, RevokesForTheTokensOwnClientAlone) {
  const std::string mine = token();
  EXPECT_EQ(form("oauth2/revoke", "token=" + mine).status, 401U);
  EXPECT_EQ(form("oauth2/revoke", "token=" + mine, basic(user, "wrong")).status, 401U);
  EXPECT_EQ(listing(mine), 200U);
  const std::string first = user;
  SetUp();
  const Answer foreign = form("oauth2/revoke", "token=" + mine, as_client());
  EXPECT_EQ(foreign.status, 400U) << "RFC 7009, 2.1: another client's";
  const std::string other = token();
  EXPECT_EQ(call("auth/revoke", {{"token", mine}}, other).status, 400U);
  EXPECT_EQ(listing(mine), 200U);
  user = first;
  EXPECT_EQ(form("oauth2/revoke", "token=" + mine + "&client_id=" + user +
                                      "&client_secret=client+secret&token_type_hint=access_token")
                .status,
            204U);
  EXPECT_EQ(listing(mine), 401U);
  EXPECT_EQ(form("oauth2/revoke", "token=" + mine, as_client()).status, 204U)
      << "RFC 7009, 2.2: what is gone already is no error";
  EXPECT_EQ(form("oauth2/revoke", "", as_client()).status, 400U) << "no token";
  EXPECT_EQ(form("oauth2/revoke", "token=x&token_type_hint=other", as_client()).status, 400U);
}

TEST_F(CscAdmissionTest, CountsWrongClientSecretsUpToALock) {
  EXPECT_EQ(fetch_token("wrong").status, 401U);
  EXPECT_EQ(fetch_token().status, 200U) << "a right one clears the count";
  for (int i = 0; i < 5; ++i) EXPECT_EQ(fetch_token("wrong").status, 401U);
  const Answer locked = fetch_token();
  EXPECT_EQ(locked.status, 401U);
  EXPECT_EQ(locked.body, fetch_token("wrong").body) << "nobody learns that it was right";
  EXPECT_EQ(form("oauth2/revoke", "token=x", as_client()).status, 401U);
  set_policy([](Policy& policy) { policy.multisign = 3; });
  EXPECT_EQ(fetch_token().status, 401U) << "the count stays";
}

TEST_F(CscAdmissionTest, AnUnknownClientCostsAsMuchAsAWrongSecret) {
  const auto cost_of = [&](const std::string& name, const std::string& method = "oauth2/token") {
    auto best = std::chrono::nanoseconds::max();
    for (int i = 0; i < 3; ++i) {
      const auto begin = processor_time();
      const bool login = method == "auth/login";
      EXPECT_EQ(
          form(method, login ? "" : "grant_type=client_credentials", basic(name, "wrong")).status,
          401U);
      best = std::min(best, processor_time() - begin);
    }
    return best;
  };
  const auto wrong = cost_of(user);
  EXPECT_GT(2 * cost_of("nobody"), wrong);
  set_policy([](Policy& policy) { policy.client_secret.clear(); });
  EXPECT_GT(2 * cost_of(user), wrong) << "an account that is no client";
  EXPECT_GT(2 * cost_of("nobody", "auth/login"), wrong);
  set("wrong_count = 5");
  EXPECT_GT(2 * cost_of(user, "auth/login"), wrong) << "a locked account";
}

// RFC 6750, 3, and RFC 6749, 5.2.
TEST_F(CscAdmissionTest, TellsWhatIsWrongWithTheAccess) {
  EXPECT_EQ(challenge(call("credentials/list", {})), "Bearer")
      << "3.1: no code where there is none";
  EXPECT_THAT(challenge(call("credentials/list", {}, "nonsense")),
              HasSubstr("Bearer error=\"invalid_token\""));
  EXPECT_THAT(challenge(fetch_token("wrong")), HasSubstr("Basic realm="));
  EXPECT_THAT(challenge(ask("auth/login", "", basic(user, "wrong"))), HasSubstr("Basic realm="));
}

TEST_F(CscAdmissionTest, TakesTheTypesThatTheApiHas) {
  const std::string mine = "Bearer " + token();
  const char* const as_form = "application/x-www-form-urlencoded";
  EXPECT_EQ(ask("credentials/list", "{}", mine, "application/json").status, 200U);
  EXPECT_EQ(ask("credentials/list", "{}", mine, "Application/JSON; charset=utf-8").status, 200U);
  EXPECT_EQ(ask("credentials/list", "", mine).status, 200U);
  const Answer refused = ask("credentials/list", "{}", mine, "text/plain");
  EXPECT_EQ(refused.status, 415U);
  EXPECT_THAT(refused.body, HasSubstr("invalid_request"));
  EXPECT_EQ(ask("credentials/list", "{}", mine).status, 415U);
  EXPECT_EQ(ask("credentials/list", "maxResults=1", mine, as_form).status, 415U)
      << "forms are OAuth 2's";
  EXPECT_EQ(ask("oauth2/token", "<x/>", as_client(), "text/xml").status, 415U);
  EXPECT_EQ(
      ask("oauth2/token", R"({"grant_type":"client_credentials"})", as_client(), "application/json")
          .status,
      200U);
  EXPECT_EQ(form("oauth2/token", "grant_type=client_credentials&grant_type=x", as_client()).status,
            400U)
      << "RFC 6749, 3.2: nothing twice";
}

// CSC API 2.0, 11.2 and 11.3.
TEST_F(CscAdmissionTest, RemembersAUserWhoWantsIt) {
  EXPECT_FALSE(log_in({}).contains("refresh_token"));
  const object in = log_in({{"rememberMe", true}});
  const std::string refresh = text(in, "refresh_token");
  EXPECT_EQ(listing(refresh), 401U) << "it is no access token";
  const object again = renew(refresh);
  EXPECT_FALSE(again.contains("refresh_token"));
  EXPECT_EQ(listing(text(again, "access_token")), 200U);
  EXPECT_EQ(call("auth/login", {{"refresh_token", text(in, "access_token")}}).status, 400U);
  EXPECT_THAT(call("auth/login", {{"refresh_token", "nonsense"}}).body,
              HasSubstr("Invalid refresh_token"));
  EXPECT_THAT(call("auth/login", {{"refresh_token", 1}}).body,
              HasSubstr("Invalid string parameter: refresh_token"));

  const std::string separate = text(log_in({}), "access_token");
  EXPECT_EQ(
      call("auth/revoke", {{"token", text(again, "access_token")}}, separate, {}, "v2").status,
      204U);
  EXPECT_EQ(listing(text(again, "access_token")), 401U);
  const std::string third = text(renew(refresh), "access_token");
  EXPECT_EQ(
      call("auth/revoke", {{"token", refresh}, {"token_type_hint", "refresh_token"}}, separate)
          .status,
      204U);
  EXPECT_EQ(listing(third), 401U) << "what came of it ends with it";
  EXPECT_EQ(listing(text(in, "access_token")), 401U);
  EXPECT_EQ(listing(separate), 200U);
  EXPECT_EQ(call("auth/login", {{"refresh_token", refresh}}).status, 400U);
}

TEST_F(CscAdmissionTest, ForgetsAUserWhosePasswordChanges) {
  const std::string refresh = text(log_in({{"rememberMe", true}}), "refresh_token");
  set("disabled = 1");
  EXPECT_EQ(call("auth/login", {{"refresh_token", refresh}}).status, 403U);
  set("disabled = 0");
  renew(refresh);
  appliance->state.write([&](Database& database) {
    set_password(database, user, hash_password(Secret(std::string_view("another one"))));
  });
  EXPECT_EQ(call("auth/login", {{"refresh_token", refresh}}).status, 400U);
}

TEST_F(CscAdmissionTest, AFaultSaysWhatATestWants) {
  Fault fault;
  fault.kind = Fault::Kind::status;
  fault.status = 400;
  fault.sapi_code = "invalid_request";
  const auto told = [&] { return service_->answer_under_fault(Request{}, fault, Answer{}).body; };
  EXPECT_THAT(told(), HasSubstr("An injected fault"));
  fault.detail = "SAD expired";
  EXPECT_THAT(told(), HasSubstr(R"("error_description":"SAD expired")"));
}

}  // namespace
}  // namespace signet::emulator::csc
