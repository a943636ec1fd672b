// Objects from credentials, of honest services and of others.
#include "dsa-transport/csc/testing/csc_test_scene.h"

namespace signet::transport::csc {
namespace {

using namespace std::chrono_literals;

class ListingTest : public CscTest {
 protected:
  Answer<std::optional<ObjectSet>> objects(Appliance& client, std::string_view etag = {},
                                           Milliseconds allowed = 10'000ms) {
    return client.objects(who_, etag, Deadline::after(allowed));
  }
  const Credential who_{"seal", Secret(std::string_view("1234"))};
};

TEST_F(ListingTest, MakesAKeyAndItsCertificateOfEachCredential) {
  on("credentials/list", R"({"credentialIDs":["cred","GX 01/é"]})");
  Settings named = settings();
  named.csc.keys = {{"GX 01/é", "my own"}};
  const auto client = make_appliance(named);
  const auto answer = objects(*client);
  ASSERT_TRUE(answer && answer.value()) << answer.error().sentence;
  const ObjectSet& set = *answer.value();
  ASSERT_EQ(set.keys.size(), 2U);
  EXPECT_EQ(set.keys[0].id, "cred");
  EXPECT_EQ(set.keys[1].id, "GX%2001%2F%C3%A9") << "what a file and a log can hold";
  EXPECT_EQ(text_of(set.keys[1].label), "my own");
  EXPECT_EQ(set.keys[0].cka_id.size(), 20U);
  EXPECT_EQ(set.keys[0].curve, Curve::p256);
  ASSERT_EQ(set.certificates.size(), 2U);
  EXPECT_EQ(set.certificates[1].key_id, set.keys[1].id);
  EXPECT_EQ(set.certificates[1].cka_id, set.keys[1].cka_id);
  const auto again = objects(*client, set.etag);
  ASSERT_TRUE(again);
  EXPECT_FALSE(again.value()) << "nothing has changed";
}

TEST_F(ListingTest, LeavesOutWhatCannotBeUsedHere) {
  for (const auto& [from, to] : std::vector<std::pair<std::string, std::string>>{
           {"explicit", "oauth2code"},
           {"explicit", "somehow"},
           {crypto::to_base64(identity_->certificate_der()), "AAAA"}}) {
    std::string body = credential_body("1");
    body.replace(body.find(from), from.size(), to);
    on("credentials/info", body);
    const auto client = make_appliance(settings());
    const auto answer = objects(*client);
    ASSERT_TRUE(answer && answer.value());
    EXPECT_TRUE(answer.value()->keys.empty()) << to;
  }
}

TEST_F(ListingTest, FollowsPagesToTheirEndAndNoFurther) {
  on_first(1, "credentials/list", {.body = R"({"credentialIDs":["one"],"nextPageToken":"2"})"});
  const auto client = make_appliance(settings());
  const auto answer = objects(*client);
  ASSERT_TRUE(answer && answer.value());
  EXPECT_EQ(answer.value()->keys.size(), 2U);
  EXPECT_EQ(json_of(requests_of("credentials/list").at(1)).at("pageToken"), "2");
  on("credentials/list", R"({"credentialIDs":["one"],"nextPageToken":"2"})");
  const auto endless = objects(*make_appliance(settings()));
  ASSERT_FALSE(endless);
  EXPECT_EQ(endless.error().failure, Failure::bad_answer);
}

TEST_F(ListingTest, AsksForPagesByANumberInVersion1) {
  Settings first_version = settings();
  std::string& url = first_version.members.front().url;
  url.replace(url.size() - 2, 2, "v1");
  ASSERT_TRUE(objects(*make_appliance(first_version)));
  EXPECT_EQ(json_of(requests_of("credentials/list").at(0)).at("maxResults"), 100);
  ASSERT_TRUE(objects(*make_appliance(settings())));
  EXPECT_FALSE(json_of(requests_of("credentials/list").at(1)).contains("maxResults"));
}

TEST_F(ListingTest, ShowsACredentialOnceHoweverOftenItIsListed) {
  on("credentials/list", R"({"credentialIDs":["cred","cred","other","cred"]})");
  const auto answer = objects(*make_appliance(settings()));
  ASSERT_TRUE(answer && answer.value());
  EXPECT_EQ(answer.value()->keys.size(), 2U);
  EXPECT_EQ(count("credentials/info"), 2U);
}

TEST_F(ListingTest, LeavesOutACredentialThatTheServiceDoesNotTell) {
  on("credentials/list", R"({"credentialIDs":["gone","cred"]})");
  on_first(
      1, "credentials/info",
      {.status = 400, .body = error_body("invalid_request", "Invalid parameter credentialID")});
  const auto answer = objects(*make_appliance(settings()));
  ASSERT_TRUE(answer && answer.value());
  ASSERT_EQ(answer.value()->keys.size(), 1U);
  EXPECT_EQ(answer.value()->keys.front().id, "cred");
  on("credentials/info", error_body("invalid_request", "what is authInfo"), 400);
  const auto none = objects(*make_appliance(settings()));
  ASSERT_FALSE(none) << "a service that refuses all of them has no empty token";
  EXPECT_EQ(none.error().failure, Failure::bad_parameter);
  on("credentials/info", error_body("server_error", "no"), 500);
  EXPECT_FALSE(objects(*make_appliance(settings()), {}, 500ms)) << "a fault hides no keys";
}

TEST_F(ListingTest, TakesTheServicesAlgorithmsWhereACredentialNamesNone) {
  std::string body = credential_body("1");
  const std::string algorithms = R"("algo":["1.2.840.10045.4.3.2"],)";
  body.erase(body.find(algorithms), algorithms.size());
  on("credentials/info", body);
  on("info", R"({"specs":"2.0.0.2","name":"Trial",
    "signAlgorithms":{"algos":["1.2.840.10045.4.3.2","1.2.840.113549.1.1.11"]}})");
  const auto client = make_appliance(settings());
  const auto info = client->info(Deadline::after(5000ms));
  ASSERT_TRUE(info);
  EXPECT_EQ(info.value().algorithms, std::vector<Scheme>{Scheme::ecdsa}) << "those of its keys";
  EXPECT_TRUE(sign(*client));
}

TEST_F(ListingTest, NamesTheUserWhereTheServiceWantsIt) {
  on_first(
      1, "credentials/list",
      {.status = 400,
       .body = error_body("invalid_request", "Missing (or invalid type) string parameter userID")});
  const auto client = make_appliance(settings());
  ASSERT_TRUE(objects(*client));
  EXPECT_FALSE(json_of(requests_of("credentials/list").at(0)).contains("userID"));
  EXPECT_EQ(json_of(requests_of("credentials/list").at(1)).at("userID"), "seal");
}

TEST_F(ListingTest, EndsByTheDeadlineHoweverSlowTheServiceIs) {
  std::string ids = R"({"credentialIDs":["c0")";
  for (int i = 1; i < 1000; ++i) ids += ",\"c" + std::to_string(i) + "\"";
  on("credentials/list", ids + "]}");
  on("credentials/info", {.body = credential_body("1"), .delay = 50ms});
  const auto client = make_appliance(settings());
  const auto began = std::chrono::steady_clock::now();
  const auto answer = objects(*client, {}, 1000ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::timed_out);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 2000ms);
}

TEST_F(ListingTest, RefusesMoreCredentialsThanATokenMayHave) {
  std::string ids = R"({"credentialIDs":[)";
  for (int i = 0; i < 10'000; ++i) ids += "\"c" + std::to_string(i) + "\",";
  ids += "\"last\"]}";
  on("credentials/list", ids);
  const auto answer = objects(*make_appliance(settings()));
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::bad_answer);
}

TEST_F(ListingTest, TakesInfoByGetWhereItIsNotThereByPost) {
  on_first(1, "info", {.status = 405});
  const auto info = make_appliance(settings())->info(Deadline::after(5000ms));
  ASSERT_TRUE(info) << info.error().sentence;
  EXPECT_EQ(info.value().manufacturer, "Trial");
  EXPECT_EQ(info.value().firmware.major, 2U);
  EXPECT_FALSE(info.value().stores_objects);
  EXPECT_TRUE(info.value().needs_password);
  EXPECT_EQ(info.value().max_digests_per_request, 3U);
  EXPECT_EQ(info.value().curves, std::vector<Curve>{Curve::p256});
}

TEST_F(ListingTest, ALoginNamesTheMemberThatAnswered) {
  Settings two = settings();
  auto closed = two.members.front();
  closed.url = "https://127.0.0.1:1/csc/v2";
  two.members.insert(two.members.begin(), std::move(closed));
  const auto client = make_appliance(two);
  const auto account =
      client->account({"seal", Secret(std::string_view("1234"))}, Deadline::after(5000ms));
  ASSERT_TRUE(account) << account.error().sentence;
  EXPECT_EQ(account.value().trace.member, two.members.back().url);
}

}  // namespace
}  // namespace signet::transport::csc
