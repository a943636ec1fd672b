// Access tokens: how often one is asked for, and with what.
#include <thread>

#include "dsa-transport/csc/testing/csc_test_scene.h"

namespace signet::transport::csc {
namespace {

using namespace std::chrono_literals;

class AccessTest : public CscTest {};

TEST_F(AccessTest, SendsTheClientsNameAndSecretFormEncodedInBasic) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  const auto requests = requests_of("oauth2/token");
  ASSERT_EQ(requests.size(), 1U);
  EXPECT_EQ(requests.front().headers.at("authorization"),
            "Basic " + crypto::to_base64(view_of("seal:s3cret%2F%2B%20%25")));
  EXPECT_EQ(requests.front().body, "grant_type=client_credentials&scope=service");
  EXPECT_EQ(requests_of("signatures/signHash").front().headers.at("authorization"),
            "Bearer token-1");
}

TEST_F(AccessTest, FetchesOneTokenForManyThreads) {
  on("oauth2/token", {.body = R"({"access_token":"t","expires_in":3600})", .delay = 100ms});
  const auto client = make_appliance(settings());
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 100; ++n) good += sign(*client).has_value() ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 800);
  EXPECT_EQ(count("oauth2/token"), 1U);
}

TEST_F(AccessTest, FetchesAnotherTokenOnceWhereOneIsNotAcceptedAnyMore) {
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  on_first(1, "signatures/signHash",
           {.status = 401, .body = error_body("invalid_token", "The token has expired")});
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("oauth2/token"), 2U);
  on("signatures/signHash", error_body("invalid_token", "never"), 401);
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::access_refused);
  EXPECT_EQ(count("oauth2/token"), 3U);
}

TEST_F(AccessTest, SendsARefusedSecretNeverAgain) {
  on("oauth2/token", error_body("invalid_client", "no"), 401);
  const auto client = make_appliance(settings());
  for (int i = 0; i < 5; ++i) {
    const auto answer = sign(*client);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::access_refused);
    EXPECT_EQ(answer.error().sentence.find("s3cret"), std::string::npos);
  }
  EXPECT_EQ(count("oauth2/token"), 1U);
  on("oauth2/token", R"({"access_token":"t"})");
  setenv("SIGNET_TEST_CSC_SECRET", "another", 1);
  EXPECT_TRUE(sign(*client)) << "another secret is tried";
}

TEST_F(AccessTest, SendsNoSecretToAnotherHost) {
  on("info", R"({"specs":"2.0.0.2","name":"Trial","oauth2":"https://localhost:1/"})");
  const auto client = make_appliance(settings());
  const auto answer = sign(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::access_refused);
  EXPECT_NE(answer.error().sentence.find("oauth2_pins"), std::string::npos);
  const auto again = sign(*client);
  ASSERT_FALSE(again);
  EXPECT_EQ(again.error().sentence, answer.error().sentence) << "no secret was refused";
}

TEST_F(AccessTest, RemembersNoSecretThatWasNotSaidToBeWrong) {
  for (const auto& [status, body] : std::vector<std::pair<int, std::string>>{
           {403, "<html>maintenance</html>"},
           {400, error_body("invalid_scope", "no such scope")},
           {400, error_body("invalid_request", "malformed")},
           {503, error_body("temporarily_unavailable", "later")}}) {
    on("oauth2/token", body, status);
    const auto client = make_appliance(settings());
    EXPECT_FALSE(sign(*client, 1, "1234", 500ms)) << status << body;
    on("oauth2/token", R"({"access_token":"t"})");
    EXPECT_TRUE(sign(*client)) << status << body;
  }
}

TEST_F(AccessTest, RemembersAWrongSecretWhateverTheStatus) {
  for (const auto& [status, error] : std::vector<std::pair<int, std::string>>{
           {401, ""}, {400, "invalid_client"}, {400, "authentication_error"}}) {
    on("oauth2/token", error_body(error, "no"), status);
    const auto client = make_appliance(settings());
    const std::size_t before = count("oauth2/token");
    EXPECT_FALSE(sign(*client));
    EXPECT_FALSE(sign(*client));
    EXPECT_EQ(count("oauth2/token"), before + 1) << status << error;
  }
}

TEST_F(AccessTest, TriesAgainWithAnotherConfiguration) {
  on("oauth2/token", error_body("invalid_client", "no"), 401);
  const auto client = make_appliance(settings());
  ASSERT_FALSE(sign(*client));
  on("oauth2/token", R"({"access_token":"t"})");
  Settings other = settings();
  other.csc.client_id = "another";
  client->reconfigure(other);
  EXPECT_TRUE(sign(*client));
  other.user = "somebody";  // who stands for the client where it has no name
  other.csc.client_id.clear();
  client->reconfigure(other);
  const std::size_t before = count("oauth2/token");
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(count("oauth2/token"), before + 1);
  other.limits.connections += 1;
  client->reconfigure(other);
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(count("oauth2/token"), before + 1) << "the same client at the same service";
}

TEST_F(AccessTest, KeepsNothingThatTheFormerConfigurationFetches) {
  on_first(1, "oauth2/token",
           {.status = 401, .body = error_body("invalid_client", "no"), .delay = 300ms});
  const auto client = make_appliance(settings());
  const Credential who{"seal", Secret(std::string_view("1234"))};
  auto former = client->start_account(who, Deadline::after(5000ms));
  while (count("oauth2/token") == 0) {
    former.step();
    std::this_thread::sleep_for(1ms);
  }
  Settings other = settings();
  other.csc.client_id = "another";
  client->reconfigure(other);
  EXPECT_FALSE(former.finish());
  EXPECT_TRUE(sign(*client)) << "the secret is wrong for the former client only";
}

TEST_F(AccessTest, FindsTheTokenEndpointInTheIssuersMetadata) {
  const std::string issuer = origin() + "/realm";
  on("info", R"({"specs":"2.1.0.1","name":"Trial","oauth2Issuer":")" + issuer + "\"}");
  const std::string metadata = "/.well-known/oauth-authorization-server/realm";
  on(metadata, R"({"issuer":")" + issuer + R"(","token_endpoint":")" + origin() + "/token\"}");
  on("/token", R"({"access_token":"of-the-issuer"})");
  const auto client = make_appliance(settings());
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(requests_of("signatures/signHash").front().headers.at("authorization"),
            "Bearer of-the-issuer");
  for (const std::string& wrong :
       {R"({"issuer":"https://another.example","token_endpoint":")" + origin() + "/token\"}",
        R"({"token_endpoint":")" + origin() + "/token\"}", R"({"issuer":")" + issuer + "\"}",
        R"({"issuer":")" + issuer + R"(","token_endpoint":"https://localhost:1/token"})"}) {
    on(metadata, wrong);
    EXPECT_FALSE(sign(*make_appliance(settings()), 1, "1234", 500ms)) << wrong;
  }
  EXPECT_EQ(count("/token"), 1U) << "no secret leaves on such a word";
}

TEST_F(AccessTest, AsksTheTokenEndpointOfTheConfigurationUnderItsOwnPins) {
  const auto identity = std::make_shared<TestIdentity>();
  TlsTestServer authority(identity, [](const TestRequest&) {
    return TestReply{.body = R"({"access_token":"elsewhere"})"};
  });
  Settings elsewhere = settings();
  elsewhere.csc.oauth2_url = authority.url() + "/token";
  elsewhere.csc.oauth2_pins = pinning::PinSet({identity->pin()});
  ASSERT_TRUE(sign(*make_appliance(elsewhere)));
  EXPECT_EQ(authority.requests().size(), 1U);
  EXPECT_EQ(requests_of("signatures/signHash").front().headers.at("authorization"),
            "Bearer elsewhere");
  elsewhere.csc.oauth2_pins = elsewhere.members.front().pins;
  const auto answer = sign(*make_appliance(elsewhere), 1, "1234", 2000ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::untrusted);
  EXPECT_EQ(authority.requests().size(), 1U) << "nothing is sent before the pin was checked";
}

TEST_F(AccessTest, LogsInWithBasicWhereTheConfigurationSaysSo) {
  on("auth/login", R"({"access_token":"login-token","expires_in":60})");
  Settings login = settings();
  login.csc.access = config::CscConfig::Access::login;
  const auto client = make_appliance(login);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(requests_of("auth/login").front().headers.at("authorization"),
            "Basic " + crypto::to_base64(view_of("seal:s3cret/+ %")));
  EXPECT_EQ(requests_of("signatures/signHash").front().headers.at("authorization"),
            "Bearer login-token");
}

TEST_F(AccessTest, TakesAReadyTokenFromItsSource) {
  Settings bearer = settings();
  bearer.csc.access = config::CscConfig::Access::bearer;
  setenv("SIGNET_TEST_CSC_SECRET", "ready", 1);
  const auto client = make_appliance(bearer);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("oauth2/token"), 0U);
  EXPECT_EQ(requests_of("signatures/signHash").front().headers.at("authorization"), "Bearer ready");
}

TEST_F(AccessTest, SendsNoTokenWhereTheClientCertificateIsEnough) {
  Settings certificate = settings();
  certificate.csc.access = config::CscConfig::Access::certificate;
  certificate.csc.secret.reset();
  const auto client = make_appliance(certificate);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(count("oauth2/token"), 0U);
  EXPECT_FALSE(requests_of("signatures/signHash").front().headers.contains("authorization"));
}

// RFC 8705, 2: the certificate tells who asks, and the client names itself in the form.
TEST_F(AccessTest, FetchesATokenByTheClientCertificateWhereThereIsNoSecret) {
  Settings mutual = settings();
  mutual.csc.secret.reset();
  ASSERT_TRUE(sign(*make_appliance(mutual)));
  const auto request = requests_of("oauth2/token").front();
  EXPECT_FALSE(request.headers.contains("authorization"));
  EXPECT_EQ(request.body, "grant_type=client_credentials&scope=service&client_id=seal");
}

TEST_F(AccessTest, FindsTheTokenEndpointByTheIssuersMetadata) {
  const std::string base = settings().members.front().url;
  const std::string host = base.substr(0, base.find("/csc"));
  on("info", R"({"specs":"2.0.0.2","name":"Trial","oauth2Issuer":")" + host + R"(/issuer"})");
  on("/.well-known/oauth-authorization-server/issuer",
     R"({"issuer":")" + host + R"(/issuer","token_endpoint":")" + host + R"(/elsewhere/token"})");
  on("/elsewhere/token", R"({"access_token":"found","expires_in":60})");
  ASSERT_TRUE(sign(*make_appliance(settings())));
  EXPECT_EQ(requests_of("signatures/signHash").front().headers.at("authorization"), "Bearer found");
}

// RFC 6749, 2.3.1, and RFC 8414, 2: Basic is the default, and what is not named is not used.
TEST_F(AccessTest, PutsTheSecretIntoTheFormWhereNothingElseIsTaken) {
  const std::string issuer = origin() + "/issuer";
  on("info", R"({"specs":"2.0.0.2","name":"Trial","oauth2Issuer":")" + issuer + "\"}");
  on("/token", R"({"access_token":"t","expires_in":60})");
  const std::string in_form =
      "grant_type=client_credentials&scope=service&client_id=seal&client_secret=s3cret%2F%2B%20%25";
  const std::string in_basic = "grant_type=client_credentials&scope=service";
  for (const auto& [methods, body] : std::vector<std::pair<std::string, std::string>>{
           {R"(["client_secret_post"])", in_form},
           {R"(["private_key_jwt","client_secret_post"])", in_form},
           {R"(["client_secret_post","client_secret_basic"])", in_basic},
           {R"(["private_key_jwt"])", in_basic},
           {"null", in_basic}}) {
    on("/.well-known/oauth-authorization-server/issuer",
       R"({"issuer":")" + issuer + R"(","token_endpoint":")" + origin() +
           R"(/token","token_endpoint_auth_methods_supported":)" + methods + "}");
    ASSERT_TRUE(sign(*make_appliance(settings()))) << methods;
    const TestRequest request = requests_of("/token").back();
    EXPECT_EQ(request.body, body) << methods;
    EXPECT_EQ(request.headers.contains("authorization"), body == in_basic) << methods;
  }
}

// The endpoint is asked again a few times, not until the call's time is over; the next call begins anew.
TEST_F(AccessTest, AsksAFewTimesOnlyWhereTheAnswerIsLost) {
  on("oauth2/token", {.body = R"({"access_token":"t"})", .ending = TestReply::Ending::cut});
  const auto client = make_appliance(settings());
  const auto began = std::chrono::steady_clock::now();
  const auto answer = sign(*client, 1, "1234", 20'000ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::appliance_fault);
  EXPECT_LT(std::chrono::steady_clock::now() - began, 10'000ms);
  const std::size_t asked = count("oauth2/token");
  EXPECT_GE(asked, 2U) << "a lost answer is asked for once more";
  EXPECT_LE(asked, 6U);
  EXPECT_EQ(count("credentials/list"), 0U);
  on("oauth2/token", R"({"access_token":"t"})");
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(count("oauth2/token"), asked + 1);
}

// Who waits meanwhile takes the failure for its own: the endpoint is not asked by each thread in turn.
TEST_F(AccessTest, ThreadsShareTheFailureOfOneFetch) {
  on("oauth2/token", {.body = "{}", .ending = TestReply::Ending::cut, .delay = 100ms});
  const auto client = make_appliance(settings());
  std::vector<std::thread> threads;
  std::atomic<int> failed{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] { failed += sign(*client).has_value() ? 0 : 1; });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 8);
  EXPECT_LE(count("oauth2/token"), 12U);
}

TEST_F(AccessTest, ACancelledFetchHandsOver) {
  on("oauth2/token", {.body = R"({"access_token":"t","expires_in":3600})", .delay = 200ms});
  const auto client = make_appliance(settings());
  ASSERT_TRUE(client->info(Deadline::after(5000ms)));
  const auto fresh = make_appliance(settings());
  const Credential who{"seal", Secret(std::string_view("1234"))};
  auto first = fresh->start_account(who, Deadline::after(5000ms));
  const auto until = std::chrono::steady_clock::now() + 100ms;
  while (std::chrono::steady_clock::now() < until) {
    first.step();
    std::this_thread::sleep_for(1ms);
  }
  auto second = fresh->start_account(who, Deadline::after(5000ms));
  second.step();
  { auto cancelled = std::move(first); }
  EXPECT_TRUE(second.finish());
}

}  // namespace
}  // namespace signet::transport::csc
