#include "seal-server/pages/sign_in.h"

#include "seal-server/testing/pages_scene.h"

namespace signet::sealserver {
namespace {

class PageSignIn : public PagesScene {
 protected:
  PageSignIn() { add("jana", Role::auditor); }

  bool is_in() { return get("/seals").status == 200; }
  const std::string session_ = std::string(kSessionCookie);
};

TEST_F(PageSignIn, TakesPasswordAndCode) {
  EXPECT_EQ(header(get("/seals?state=failed"), "Location"),
            "/sign-in?to=%2Fseals%3Fstate%3Dfailed");
  const Response answer = sign_in("jana");
  EXPECT_EQ(answer.status, 303U);
  EXPECT_EQ(header(answer, "Location"), "/seals");
  const std::string cookie = header(answer, "Set-Cookie");
  EXPECT_TRUE(cookie.ends_with("; Path=/; Secure; HttpOnly; SameSite=Strict")) << cookie;
  EXPECT_TRUE(is_in());
}

TEST_F(PageSignIn, RefusesWhateverIsWrongInTheSameWords) {
  const std::string code = code_of_step(kCodeKey, code_step(now_));
  const std::vector<std::pair<std::string, std::string>> right{
      {"name", "jana"}, {"password", kPassword}, {"code", code}};
  std::string page;
  for (std::size_t i = 0; i < right.size(); ++i) {
    auto wrong = right;
    wrong[i].second = i == 2 ? "000000" : "somebody";
    const Response answer = post("/sign-in", wrong);
    EXPECT_EQ(answer.status, 403U);
    EXPECT_NE(answer.body.find("locked the user for a while"), std::string::npos);
    EXPECT_FALSE(is_in());
  }
  EXPECT_EQ(post("/sign-in", right).status, 303U);
  // A code is good once.
  cookies_.clear();
  EXPECT_EQ(post("/sign-in", right).status, 403U);
}

TEST_F(PageSignIn, LocksAUserAfterFiveFailuresForAWhile) {
  for (int i = 0; i < kMostFailures; ++i) EXPECT_EQ(sign_in("jana", "wrong password").status, 403U);
  EXPECT_EQ(sign_in("jana").status, 403U);
  now_ += kLockTime;
  EXPECT_EQ(sign_in("jana").status, 303U);
  cookies_.clear();
  // A success forgets the failures before it.
  for (int i = 0; i + 1 < kMostFailures; ++i) sign_in("jana", "wrong password");
  EXPECT_EQ(sign_in("jana").status, 303U);
  cookies_.clear();
  for (int i = 0; i < kMostFailures; ++i) sign_in("jana", "wrong password");
  sequencer_->write([&](Group& group) { set_user_password(group, "jana", hash(), kCodeKey); });
  EXPECT_EQ(sign_in("jana").status, 303U);
}

TEST_F(PageSignIn, TakesACertificateWithItsSession) {
  const Bytes certificate = crypto::TestKey::on_curve("P-256").certificate();
  sequencer_->write([&](Group& group) { set_user_certificate(group, "jana", certificate); });
  EXPECT_EQ(post("/sign-in/certificate").status, 403U);  // it shows none
  certificate_ = certificate;
  EXPECT_NE(get("/sign-in").body.find("<strong>jana</strong>"), std::string::npos);
  EXPECT_EQ(post("/sign-in/certificate").status, 303U);
  EXPECT_TRUE(is_in());
  certificate_ = crypto::TestKey::on_curve("P-384").certificate();
  EXPECT_FALSE(is_in());
  certificate_ = certificate;
  EXPECT_TRUE(is_in());
  // Another certificate for the same key lasts no longer than the one that was registered.
  sequencer_->write([&](Group& group) {
    group.sql().run("UPDATE web_user SET not_after = :not_after WHERE name = 'jana'",
                    {utc_text(now_)});
  });
  EXPECT_FALSE(is_in());
  cookies_.clear();
  EXPECT_EQ(post("/sign-in/certificate").status, 403U);
  sequencer_->write([&](Group& group) { set_user_certificate(group, "jana", certificate); });
  EXPECT_EQ(post("/sign-in/certificate").status, 303U);
  cookies_.clear();
  now_ += std::chrono::hours(24) * 365 * 200;  // it has expired
  EXPECT_EQ(post("/sign-in/certificate").status, 403U);
}

TEST_F(PageSignIn, GivesEachSessionATokenOfItsOwn) {
  // Whoever has put tokens into the browser before knows nothing afterwards.
  const std::string planted(64, 'a');
  cookies_[session_] = planted;
  cookies_[std::string(kVisitorCookie)] = planted;
  EXPECT_EQ(sign_in("jana").status, 303U);
  const std::string token = cookies_[session_];
  EXPECT_NE(token, planted);
  sign_in("jana");
  EXPECT_NE(cookies_[session_], token);
  cookies_[session_] = token;  // ended by signing in again
  EXPECT_FALSE(is_in());
  for (const auto& row : sql_->query("SELECT id FROM web_session")) EXPECT_NE(row.text(0), token);
}

TEST_F(PageSignIn, EndsASessionThatIsNotUsedOrOld) {
  sign_in("jana");
  for (int i = 0; i < 5; ++i) {
    now_ += kSessionIdle - kSessionStep;
    EXPECT_TRUE(is_in()) << i;
  }
  now_ += kSessionIdle;
  EXPECT_FALSE(is_in());
  sign_in("jana");
  for (std::chrono::minutes spent{}; spent + kSessionIdle < kSessionAge;
       spent += kSessionIdle / 2) {
    now_ += kSessionIdle / 2;
    EXPECT_TRUE(is_in());
  }
  now_ += kSessionIdle / 2;
  is_in();
  now_ += kSessionIdle / 2;
  EXPECT_FALSE(is_in());
}

TEST_F(PageSignIn, EndsSessionsOfWhoSignsOutOrIsChanged) {
  sign_in("jana");
  const std::string token = cookies_[session_];
  EXPECT_EQ(post("/sign-out").status, 303U);
  cookies_[session_] = token;
  EXPECT_FALSE(is_in());
  sign_in("jana");
  sequencer_->write([&](Group& group) { set_user_password(group, "jana", hash(), kCodeKey); });
  EXPECT_FALSE(is_in());
  sign_in("jana");
  sequencer_->write([&](Group& group) { remove_user(group, "jana"); });
  EXPECT_FALSE(is_in());
}

TEST_F(PageSignIn, KeepsAFewSessionsOfAUser) {
  std::vector<std::string> tokens;
  for (int i = 0; i <= kMostSessions; ++i) {
    cookies_.clear();
    sign_in("jana");
    tokens.push_back(cookies_[session_]);
  }
  cookies_[session_] = tokens.front();
  EXPECT_FALSE(is_in());
  cookies_[session_] = tokens[1];
  EXPECT_TRUE(is_in());
}

TEST_F(PageSignIn, LeadsToOwnPagesOnly) {
  for (const char* to : {"https://elsewhere.example/", "//elsewhere.example",
                         "/\\elsewhere.example", "elsewhere", "/a b", "/Ž", ""}) {
    now_ += std::chrono::minutes(1);
    cookies_.clear();
    const Response answer = post("/sign-in", {{"name", "jana"},
                                              {"password", kPassword},
                                              {"code", code_of_step(kCodeKey, code_step(now_))},
                                              {"to", to}});
    EXPECT_EQ(header(answer, "Location"), "/") << to;
  }
}

TEST_F(PageSignIn, KnowsUsersWithGoodNamesAndOneKeyEach) {
  const auto add_named = [this](const std::string& name, Role role, const std::string& client) {
    return problem([&] {
      sequencer_->write([&](Group& group) {
        User user;
        user.name = name;
        user.role = role;
        user.client = client;
        add_user(group, user);
      });
    });
  };
  EXPECT_EQ(add_named("jana", Role::auditor, ""), "409 There is a user jana already.");
  EXPECT_TRUE(add_named("<b>", Role::auditor, "").starts_with("422 "));
  EXPECT_TRUE(add_named("", Role::auditor, "").starts_with("422 "));
  EXPECT_TRUE(add_named("petr", Role::person, "").starts_with("422 "));
  EXPECT_TRUE(add_named("petr", Role::auditor, office_).starts_with("422 "));
  EXPECT_TRUE(add_named("petr", Role::person, "none").starts_with("404 "));
  EXPECT_EQ(add_named("petr", Role::person, office_), "no problem");
  const Bytes certificate = crypto::TestKey::on_curve("P-256").certificate();
  const auto give = [&](const std::string& name) {
    return problem([&] {
      sequencer_->write([&](Group& group) { set_user_certificate(group, name, certificate); });
    });
  };
  EXPECT_EQ(give("petr"), "no problem");
  EXPECT_EQ(give("jana"), "409 This key is that of the user petr.");
  EXPECT_EQ(give("nobody"), "404 There is no user nobody.");
  EXPECT_NE(newest_event().find("user-certificate"), std::string::npos);
}

}  // namespace
}  // namespace signet::sealserver
