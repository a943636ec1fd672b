#include "seal-server/pages/pages.h"

#include <set>

#include "seal-server/testing/pages_scene.h"

namespace signet::sealserver {
namespace {

class WebPages : public PagesScene {
 protected:
  WebPages() {
    add("person", Role::person);
    add("auditor", Role::auditor);
    add("admin", Role::administrator);
    seal_ = seal(office_, "MV-1/2027");
    foreign_ = seal(other_, "XX-1/2027");
  }

  // The path of a route, with something in place of its star.
  std::string path_of(const Pages::Route& route) const {
    std::string path(route.path);
    const auto star = path.find('*');
    if (star == std::string::npos) return path;
    return path.replace(star, 1, path.starts_with("/seals/") ? seal_ : office_);
  }

  std::string seal_;
  std::string foreign_;
};

TEST_F(WebPages, AreForTheRolesThatTheirRoutesName) {
  std::set<std::string> seen;
  for (const char* user : {"", "person", "auditor", "admin"}) {
    for (const Pages::Route& route : Pages::routes()) {
      const std::string name = std::string(route.method) + " " + std::string(route.path);
      cookies_.clear();
      if (*user != '\0') enter(user);
      const Response answer = route.method == "GET" ? get(path_of(route)) : post(path_of(route));
      const bool to_sign_in =
          answer.status == 303 &&
          header(answer, "Location").starts_with("/sign-in?") == (route.method == "GET") &&
          header(answer, "Location").starts_with("/sign-in");
      if (*user == '\0' && route.access != Pages::Access::everyone) {
        EXPECT_TRUE(to_sign_in) << name << " without a user: " << answer.status;
      } else if (route.access == Pages::Access::administrators && std::string(user) != "admin") {
        EXPECT_EQ(answer.status, 403U) << name << " as " << user;
      } else if (route.path != "/sign-in" && route.path != "/sign-in/certificate") {
        EXPECT_LT(answer.status, 500U) << name << " as " << user;
        EXPECT_NE(answer.status, 403U) << name << " as " << user;
      }
      seen.insert(name);
    }
  }
  EXPECT_EQ(seen.size(), Pages::routes().size());
}

TEST_F(WebPages, ShowAPersonTheSealsOfTheOwnClientOnly) {
  enter("person");
  const std::string list = get("/seals?client=" + other_).body;
  EXPECT_NE(list.find("MV-1/2027"), std::string::npos);
  EXPECT_EQ(list.find("XX-1/2027"), std::string::npos);
  EXPECT_EQ(get("/seals/" + seal_).status, 200U);
  EXPECT_EQ(get("/seals/" + foreign_).status, 404U);
  EXPECT_EQ(get("/seals/" + foreign_ + "/proof").status, 404U);
  EXPECT_EQ(get("/seals/none").status, 404U);
  cookies_.clear();
  enter("auditor");
  EXPECT_NE(get("/seals").body.find("XX-1/2027"), std::string::npos);
  EXPECT_EQ(get("/seals/" + foreign_).status, 200U);
}

TEST_F(WebPages, TakeFormsOfTheirOwnOnly) {
  enter("admin");
  const std::string token = token_in(get("/seals").body);
  ASSERT_EQ(token.size(), 64U);
  for (const Pages::Route& route : Pages::routes()) {
    if (route.method != "POST") continue;
    const std::string path = path_of(route);
    EXPECT_EQ(send("POST", path, "").status, 403U) << path;
    EXPECT_EQ(send("POST", path, "token=" + std::string(64, '0')).status, 403U) << path;
    headers_["Sec-Fetch-Site"] = "cross-site";
    EXPECT_EQ(send("POST", path, "token=" + token).status, 403U) << path;
    headers_["Sec-Fetch-Site"] = "same-site";
    EXPECT_EQ(send("POST", path, "token=" + token).status, 403U) << path;
    headers_.clear();
    headers_["Content-Type"] = "text/plain";
    EXPECT_EQ(send("POST", path, "token=" + token).status, 400U) << path;
    headers_.clear();
    EXPECT_EQ(send("POST", path + "?token=" + token, "").status, 400U) << path;
  }
  // That of another session.
  const auto mine = cookies_;
  cookies_.clear();
  enter("auditor");
  const std::string foreign = token_in(get("/seals").body);
  cookies_ = mine;
  EXPECT_NE(foreign, token);
  EXPECT_EQ(send("POST", "/sign-out", "token=" + foreign).status, 403U);
  EXPECT_EQ(send("POST", "/sign-out", "token=" + token).status, 303U);
}

TEST_F(WebPages, EscapeWhatClientsSay) {
  const std::string attack = "<script>alert(1)</script>\"'&{{t.seals}}{{{name}}}";
  const std::string id = seal(office_, attack);
  enter("auditor");
  for (const std::string& path :
       {std::string("/seals"), "/seals/" + id, "/seals?" + form_text({{"reference", attack}})}) {
    const std::string body = get(path).body;
    EXPECT_EQ(body.find("<script>"), std::string::npos) << path;
    EXPECT_NE(
        body.find("&lt;script&gt;alert(1)&lt;/script&gt;&quot;&apos;&amp;{{t.seals}}{{{name}}}"),
        std::string::npos)
        << path << body;
  }
}

TEST_F(WebPages, ForbidWhatIsNotTheirs) {
  for (const char* path : {"/sign-in", "/none", "/static/pages.css", "/static/../pages.cc", "/"}) {
    const Response answer = get(path);
    EXPECT_TRUE(header(answer, "Content-Security-Policy").starts_with("default-src 'none'; "))
        << path;
    EXPECT_EQ(header(answer, "Content-Security-Policy").find("unsafe"), std::string::npos);
    EXPECT_EQ(header(answer, "X-Content-Type-Options"), "nosniff");
  }
  EXPECT_EQ(get("/none").status, 404U);
  EXPECT_EQ(get("/static/../pages.cc").status, 404U);
  EXPECT_EQ(get("/static/pages.css").status, 200U);
  EXPECT_EQ(send("DELETE", "/sign-in", "").status, 405U);
  EXPECT_EQ(get("/sign-in?to=%").status, 400U);
}

TEST_F(WebPages, FindSealsByTheFieldsOfTheForm) {
  enter("auditor");
  const auto found = [this](const std::string& query) {
    const Response answer = get("/seals?" + query);
    EXPECT_EQ(answer.status, 200U) << query;
    return std::string(answer.body.find(seal_) != std::string::npos ? "office " : "") +
           (answer.body.find(foreign_) != std::string::npos ? "other" : "");
  };
  const std::string today = now().substr(0, 10);
  EXPECT_EQ(found("from=&to=&digest=&reference=&match=begin&state=&certificate="), "office other");
  EXPECT_EQ(found("reference=MV-"), "office ");
  EXPECT_EQ(found("reference=-1%2F2027&match=part"), "office other");
  EXPECT_EQ(found("reference=-1%2F2027&match=begin"), "");
  EXPECT_EQ(found("from=" + today + "&to=" + today), "office other");
  EXPECT_EQ(found("to=2020-02-29"), "");
  EXPECT_EQ(found("state=opened&client=" + office_), "office ");
  EXPECT_EQ(found("state=failed"), "");
  EXPECT_EQ(found("digest=" + std::string(64, 'A')), "office other");
  EXPECT_EQ(found("digest=qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqo%3D"), "office other");
  EXPECT_EQ(found("digest=" + std::string(64, 'b') + ",+" + std::string(64, 'a')), "office other");
  EXPECT_EQ(found("certificate=" + std::string(64, 'c')), "office other");
  for (const char* wrong : {"from=1", "to=2026-02-30", "digest=xyz", "state=x", "certificate=1",
                            "reference=ab&match=part", "after=x"}) {
    const Response answer = get(std::string("/seals?") + wrong);
    EXPECT_EQ(answer.status, 422U) << wrong;
    EXPECT_NE(answer.body.find("class=\"fault\""), std::string::npos) << wrong;
  }
}

TEST_F(WebPages, PageThroughALongList) {
  std::set<std::string> ids{seal_, foreign_};
  for (int i = 0; i < 118; ++i) ids.insert(seal(office_, "R-" + std::to_string(i)));
  enter("auditor");
  std::string path = "/seals?state=opened";
  int pages = 0;
  for (; !path.empty() && pages < 10; ++pages) {
    const std::string body = get(path).body;
    std::erase_if(ids, [&](const std::string& id) { return body.find(id) != std::string::npos; });
    const auto start = body.find("href=\"/seals?state=opened&amp;after=");
    path.clear();
    if (start == std::string::npos) continue;
    const auto number = body.find("after=", start) + 6;
    path = "/seals?state=opened&after=" + body.substr(number, body.find('"', number) - number);
  }
  EXPECT_EQ(pages, 3);
  EXPECT_TRUE(ids.empty());
}

TEST_F(WebPages, GiveTheProofOfASeal) {
  enter("person");
  const Response proof = get("/seals/" + seal_ + "/proof");
  EXPECT_EQ(proof.status, 200U);
  EXPECT_EQ(header(proof, "Content-Disposition"),
            "attachment; filename=\"seal-" + seal_ + ".tlog-proof\"");
  EXPECT_TRUE(proof.body.starts_with("c2sp.org/tlog-proof@v1\n"));
}

TEST_F(WebPages, SpeakTheLanguageThatIsChosen) {
  headers_["Accept-Language"] = "cs";
  EXPECT_NE(get("/sign-in").body.find("<html lang=\"cs\">"), std::string::npos);
  const Response answer = post("/language", {{"language", "en"}, {"to", "/sign-in"}});
  EXPECT_EQ(header(answer, "Location"), "/sign-in");
  EXPECT_NE(get("/sign-in").body.find("<html lang=\"en\">"), std::string::npos);
  EXPECT_NE(get("/none").body.find("There is nothing here."), std::string::npos);
  post("/language", {{"language", "xx"}});
  EXPECT_NE(get("/sign-in").body.find("<html lang=\"en\">"), std::string::npos);
}

}  // namespace
}  // namespace signet::sealserver
