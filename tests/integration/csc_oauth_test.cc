// How often an access token is asked for, as the service counts it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <cstdlib>
#include <functional>
#include <thread>

#include "tests/support/csc_service.h"
#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

constexpr int kThreads = 8;
constexpr int kUsualSignatures = 2'000;  // 10,000 where SIGNET_CSC_SIGNATURES says so

int signatures_wanted() {
  const char* const more = std::getenv("SIGNET_CSC_SIGNATURES");
  return more == nullptr ? kUsualSignatures : std::atoi(more);
}

// Runs `body` in as many threads, each with a session of its own.
void in_threads(const Module& module, const std::function<void(Session&)>& body) {
  std::vector<std::thread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      try {
        Session session(module);
        body(session);
      } catch (const std::exception& error) {
        ADD_FAILURE() << error.what();
      }
    });
  }
  for (auto& thread : threads) thread.join();
}

// SCAL 1 with large authorisations, so that a signature is one request.
void make_quick(const CscService& service) {
  service.change_account({"--csc-scal", "1", "--csc-multisign", "1000000"});
}

TEST(CscOauthTest, OneTokenServesThousandsOfSignatures) {
  const CscService service;
  make_quick(service);
  service.configure("", service.oauth2());
  const int wanted = signatures_wanted();
  {
    const Module module;
    Session first(module);
    first.login(service.pin());
    in_threads(module, [&](Session& session) {
      for (int i = 0; i < wanted / kThreads; ++i) ASSERT_EQ(sign_and_verify(session), CKR_OK);
    });
  }
  const auto made = static_cast<std::uint64_t>(wanted / kThreads * kThreads);
  EXPECT_EQ(service.calls("signatures/signHash"), made);
  EXPECT_EQ(service.calls("oauth2/token"), 1U);
  EXPECT_LE(service.calls("credentials/authorize"), std::uint64_t{kThreads} + 1);
}

TEST(CscOauthTest, OneOfManyThreadsFetchesAnotherTokenWhereOneIsRevoked) {
  const CscService service;
  make_quick(service);
  service.configure("", service.oauth2());
  const Module module;
  Session first(module);
  first.login(service.pin());
  std::atomic<bool> revoked{false};
  std::atomic<int> after{0};
  std::thread administrator([&] {
    while (service.calls("signatures/signHash") < 100) std::this_thread::sleep_for(5ms);
    service.change_account({"--csc-revoke"});
    revoked = true;
  });
  in_threads(module, [&](Session& session) {
    for (int last = 0; last < 20;) {
      ASSERT_EQ(sign_and_verify(session), CKR_OK);
      if (revoked) {
        ++last;
        ++after;
      }
    }
  });
  administrator.join();
  EXPECT_GE(after, 20 * kThreads);
  EXPECT_EQ(service.calls("oauth2/token"), 2U);
}

TEST(CscOauthTest, ATokenThatEndsIsFetchedOnceForAllThreads) {
  const CscService service;
  make_quick(service);
  service.change_account({"--csc-token-life", "2"});
  service.configure("", service.oauth2());
  const Module module;
  Session first(module);
  first.login(service.pin());
  const auto began = std::chrono::steady_clock::now();
  in_threads(module, [&](Session& session) {
    while (std::chrono::steady_clock::now() - began < 5s) {
      ASSERT_EQ(sign_and_verify(session), CKR_OK);
    }
  });
  const auto lives = static_cast<std::uint64_t>((std::chrono::steady_clock::now() - began) / 2s);
  EXPECT_GE(service.calls("oauth2/token"), 3U);
  EXPECT_LE(service.calls("oauth2/token"), lives + 2);
}

TEST(CscOauthTest, AWrongSecretIsSentOnce) {
  const CscService service;
  service.configure("", service.oauth2("not the secret"));
  {
    const Module module;
    in_threads(module, [&](Session& session) {
      EXPECT_EQ(session.try_login(service.pin()), CKR_DEVICE_ERROR);
    });
    Session session(module);
    EXPECT_EQ(session.try_login(service.pin()), CKR_DEVICE_ERROR);
    EXPECT_EQ(service.calls("oauth2/token"), 1U);
    EXPECT_NE(service.log().find("it is not sent again until it changes"), std::string::npos);

    service.oauth2();  // the right one into the same file
    EXPECT_EQ(session.try_login(service.pin()), CKR_OK);
    EXPECT_EQ(sign_and_verify(session), CKR_OK);
    EXPECT_EQ(service.calls("oauth2/token"), 2U);
  }
}

TEST(CscOauthTest, ALostAnswerOfTheTokenEndpointEndsTheCall) {
  const CscService service;
  service.configure("", service.oauth2());
  service.member().queue_faults(
      R"({"match": {"path_prefix": "/csc/v2/oauth2/token"}, "kind": "cut", "times": 0})");
  const Module module;
  in_threads(module, [&](Session& session) {
    EXPECT_EQ(session.try_login(service.pin()), CKR_DEVICE_ERROR);
  });
  const std::uint64_t asked = service.calls("oauth2/token");
  EXPECT_GE(asked, 2U);
  EXPECT_LE(asked, 20U) << "by eight threads together";
  std::this_thread::sleep_for(500ms);
  EXPECT_EQ(service.calls("oauth2/token"), asked) << "nobody asks on";
  service.member().clear_faults();
  Session session(module);
  EXPECT_EQ(session.try_login(service.pin()), CKR_OK);
}

TEST(CscOauthTest, ABearerTokenIsReadAgainWhereItIsRefused) {
  const CscService service;
  const auto ask_for_token = [&] {
    // As the program would that renews it.
    const std::string url = service.member().member().url;
    const std::string answer =
        output_of({"/usr/bin/curl", "--silent", "--fail", "--insecure", "--noproxy", "*", "--user",
                   "seal:" + service.client_secret(), "--data", "grant_type=client_credentials",
                   url.substr(0, url.find("/dsa/v1")) + "/csc/v2/oauth2/token"});
    const std::string name = "\"access_token\":\"";
    const std::size_t at = answer.find(name) + name.size();
    write_file(service.folder() / "bearer", answer.substr(at, answer.find('"', at) - at));
  };
  ask_for_token();
  service.configure("", fmt::format("access = \"bearer\"\nsecret = \"file:{}\"\n",
                                    (service.folder() / "bearer").string()));
  const Module module;
  Session session(module);
  session.login(service.pin());
  EXPECT_EQ(sign_and_verify(session), CKR_OK);
  service.change_account({"--csc-revoke"});
  EXPECT_EQ(sign_and_verify(session), CKR_DEVICE_ERROR);
  ask_for_token();
  EXPECT_EQ(sign_and_verify(session), CKR_OK);
  EXPECT_EQ(service.calls("oauth2/token"), 2U) << "both by the other program";
}

// SCAL 2 with extendTransaction: as many signatures as the credential allows under one authorisation.
TEST(CscOauthTest, OneAuthorisationServesSeveralRequests) {
  const CscService service;
  service.change_account({"--csc-scal", "2", "--csc-multisign", "10"});
  service.configure("", service.oauth2());
  const Module module;
  Session session(module);
  session.login(service.pin());
  for (int i = 0; i < 20; ++i) ASSERT_EQ(sign_and_verify(session), CKR_OK);
  EXPECT_EQ(service.calls("credentials/authorize"), 2U);
  EXPECT_EQ(service.calls("credentials/extendTransaction"), 18U);
  EXPECT_EQ(service.calls("signatures/signHash"), 20U);
}

}  // namespace
}  // namespace signet::tests
