// The pin, before anything is sent.

#include <gtest/gtest.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

#include "common/testing/scratch_folder.h"
#include "common/testing/unreadable_files.h"
#include "dsa-transport/factory.h"
#include "dsa-transport/testing/test_server.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;
using pinning::PinSet;

constexpr auto kAccount =
    R"({"user":"seal","commonName":"Seal","rights":["user"],"signCredential":"none"})";

class TrustTest : public testing::Test {
 protected:
  static TestReply answer(const TestRequest& /*request*/) { return {.body = kAccount}; }

  static Settings options_for(std::vector<config::MemberConfig> members) {
    Settings options;
    options.members = std::move(members);
    return options;
  }

  Answer<AccountInfo> ask(Appliance& appliance) {
    return appliance.account(who_, Deadline::after(10s));
  }

  Answer<AccountInfo> ask_once(Settings options) {
    const auto appliance = make_appliance(std::move(options));
    return ask(*appliance);
  }

  std::string file_with(const std::string& name, const std::string& text) {
    const auto path = folder_ / name;
    std::ofstream(path) << text;
    return path;
  }

  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) / ("trust-test." + std::to_string(getpid()));
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::filesystem::path folder_;
  const std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();
  const TestIdentity stranger_;
  const Credential who_{"seal", Secret("secret-0815")};
};

TEST_F(TrustTest, ServesWhoHasThePin) {
  TlsTestServer server(identity_, answer);
  EXPECT_TRUE(ask_once(options_for({member_of(server)})));
}

TEST_F(TrustTest, ServesABackupPin) {
  TlsTestServer server(identity_, answer);
  auto member = member_of(server);
  member.pins = PinSet({stranger_.pin(), identity_->pin()});
  EXPECT_TRUE(ask_once(options_for({member})));
}

TEST_F(TrustTest, SendsNothingToAWrongPin) {
  TlsTestServer server(identity_, answer);
  auto member = member_of(server);
  member.pins = PinSet({stranger_.pin()});
  const auto appliance = make_appliance(options_for({member}));
  const auto result = ask(*appliance);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, Failure::untrusted);
  EXPECT_NE(result.error().sentence.find(identity_->pin().text()), std::string::npos);
  EXPECT_NE(result.error().sentence.find(stranger_.pin().text()), std::string::npos);
  EXPECT_EQ(appliance->figures().sum().pin_failures, 1U);
  EXPECT_EQ(server.application_bytes(), 0U);
  EXPECT_EQ(server.requests().size(), 0U);
}

TEST_F(TrustTest, WithoutPinsConnectsToNobody) {
  TlsTestServer server(identity_, answer);
  auto member = member_of(server);
  member.pins = PinSet();
  const auto result = ask_once(options_for({member}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, Failure::untrusted);
  EXPECT_EQ(server.connections(), 0U);
}

TEST_F(TrustTest, NeverReportsAWrongPinAsAnOutage) {
  TlsTestServer server(identity_, answer);
  auto wrong = member_of(server);
  wrong.pins = PinSet({stranger_.pin()});
  const config::MemberConfig dead{"https://127.0.0.1:" + std::to_string(closed_port()) + "/dsa/v1",
                                  PinSet({identity_->pin()}),
                                  {}};
  for (const bool wrong_first : {true, false}) {
    const auto appliance = make_appliance(
        options_for(wrong_first ? std::vector{wrong, dead} : std::vector{dead, wrong}));
    for (int call = 0; call < 3; ++call) {
      const auto result = ask(*appliance);
      ASSERT_FALSE(result);
      EXPECT_EQ(result.error().failure, Failure::untrusted);
    }
  }
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(TrustTest, IsServedByTheOtherMemberWhenOneHasAWrongPin) {
  TlsTestServer wrong(identity_, answer);
  TlsTestServer good(identity_, answer);
  auto member = member_of(wrong);
  member.pins = PinSet({stranger_.pin()});
  EXPECT_TRUE(ask_once(options_for({member, member_of(good)})));
  EXPECT_EQ(wrong.application_bytes(), 0U);
}

TEST_F(TrustTest, RefusesTlsOneDotOne) {
  TlsTestServer server(identity_, answer, {.highest_version = TLS1_1_VERSION});
  const auto result = ask_once(options_for({member_of(server)}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, Failure::untrusted);
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(TrustTest, AcceptsTlsOneDotTwo) {
  TlsTestServer server(identity_, answer, {.highest_version = TLS1_2_VERSION});
  EXPECT_TRUE(ask_once(options_for({member_of(server)})));
}

TEST_F(TrustTest, DemandsTheChainBesideThePinWhereAFileIsGiven) {
  TlsTestServer server(identity_, answer);
  auto member = member_of(server);
  member.ca_file = file_with("own.pem", identity_->certificate_pem());
  EXPECT_TRUE(ask_once(options_for({member})));
  member.ca_file = file_with("other.pem", stranger_.certificate_pem());
  const auto result = ask_once(options_for({member}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, Failure::untrusted);
}

TEST_F(TrustTest, DemandsThePinBesideTheChain) {
  TlsTestServer server(identity_, answer);
  auto member = member_of(server);
  member.ca_file = file_with("own.pem", identity_->certificate_pem());
  member.pins = PinSet({stranger_.pin()});
  const auto result = ask_once(options_for({member}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, Failure::untrusted);
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(TrustTest, NamesAFileOfAuthoritiesThatHasNoEndOrNoCertificate) {
  const ScratchFolder folder;
  TlsTestServer server(identity_, answer);
  auto files = make_unreadable_files(folder);
  for (const char* content : {"", "no certificate\n"})
    files.push_back(folder.write("text" + std::to_string(files.size()), content));
  for (const auto& file : files) {
    auto member = member_of(server);
    member.ca_file = file;
    const auto began = std::chrono::steady_clock::now();
    const auto result = ask_once(options_for({member}));
    EXPECT_LT(std::chrono::steady_clock::now() - began, 5s) << file;
    ASSERT_FALSE(result) << file;
    EXPECT_EQ(result.error().failure, Failure::untrusted);
    EXPECT_NE(result.error().sentence.find("cannot use " + file.string() + ": it "),
              std::string::npos)
        << result.error().sentence;
  }
  EXPECT_EQ(server.application_bytes(), 0U);
}

TEST_F(TrustTest, DemandsTheHostNameWhereAFileIsGiven) {
  const auto elsewhere = std::make_shared<TestIdentity>("DNS:elsewhere.example");
  TlsTestServer server(elsewhere, answer);
  auto member = member_of(server);
  EXPECT_TRUE(ask_once(options_for({member})));
  const std::size_t before = server.application_bytes();
  member.ca_file = file_with("own.pem", elsewhere->certificate_pem());
  const auto result = ask_once(options_for({member}));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().failure, Failure::untrusted);
  EXPECT_EQ(server.application_bytes(), before);
}

TEST_F(TrustTest, ShowsItsCertificateWhereTheServerWantsOne) {
  TlsTestServer server(identity_, answer, {.wants_client_certificate = true});
  Settings options = options_for({member_of(server)});
  const auto refused = ask_once(options);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, Failure::untrusted);
  options.client_certificate =
      config::ClientCertificate{.certificate = file_with("client.pem", stranger_.certificate_pem()),
                                .key = file_with("client.key", stranger_.key_pem())};
  EXPECT_TRUE(ask_once(options));
}

TEST_F(TrustTest, ResumesSessionsOfPinnedServersOnly) {
  TlsTestServer server(identity_, answer);
  Settings options = options_for({member_of(server)});
  options.limits.idle = 1ms;
  const auto appliance = make_appliance(options);
  for (int i = 0; i < 3; ++i) {
    EXPECT_TRUE(ask(*appliance));
    std::this_thread::sleep_for(10ms);
  }
  EXPECT_EQ(server.handshakes(), 3U);
  EXPECT_GE(server.resumptions(), 1U);
}

TEST_F(TrustTest, IgnoresProxiesAndKeyLogsOfTheEnvironment) {
  const std::string key_log = folder_ / "keys.log";
  setenv("https_proxy", "http://127.0.0.1:1", 1);
  setenv("SSLKEYLOGFILE", key_log.c_str(), 1);
  TlsTestServer server(identity_, answer);
  EXPECT_TRUE(ask_once(options_for({member_of(server)})));
  unsetenv("https_proxy");
  unsetenv("SSLKEYLOGFILE");
  EXPECT_TRUE(!std::filesystem::exists(key_log) || std::filesystem::file_size(key_log) == 0);
}

TEST_F(TrustTest, LooksNamesUpInTheCallingThreadWhereThreadsAreUnwanted) {
  TlsTestServer server(identity_, answer);
  auto member = member_of(server);
  member.url.replace(member.url.find("127.0.0.1"), 9, "localhost");
  Settings options = options_for({member});
  options.may_create_threads = false;
  EXPECT_TRUE(ask_once(options));
}

}  // namespace
}  // namespace signet::transport
