// Members, pins and limits change while calls are under way.

#include <gtest/gtest.h>

#include <atomic>
#include <future>

#include "dsa-transport/factory.h"
#include "dsa-transport/testing/test_server.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;

constexpr auto kWorkingAccount =
    R"({"user":"seal","commonName":"Seal","rights":["user"],"signCredential":"none"})";

class ReconfigureTest : public testing::Test {
 protected:
  ReconfigureTest()
      : server_(identity_, [this](const TestRequest& /*request*/) {
          asked_ = true;
          return TestReply{.body = kWorkingAccount, .delay = delay_.load()};
        }) {
    config_.members = {member_of(server_)};
    Settings options;
    options.members = config_.members;
    options.limits = config_.limits;
    appliance_ = make_appliance(std::move(options));
  }

  Answer<AccountInfo> ask() { return appliance_->account(who_, Deadline::after(10s)); }

  void trust_only(const pinning::Pin& pin) {
    config_.members.front().pins = pinning::PinSet({pin});
    appliance_->reconfigure(settings_of(config_));
  }

  const std::shared_ptr<TestIdentity> identity_ = std::make_shared<TestIdentity>();
  const TestIdentity stranger_;
  std::atomic<bool> asked_ = false;
  std::atomic<Milliseconds> delay_{0ms};
  TlsTestServer server_;
  config::TokenConfig config_;
  std::unique_ptr<Appliance> appliance_;
  const Credential who_{"seal", Secret("secret-0815")};
};

TEST_F(ReconfigureTest, AMemberThatStaysTheSameKeepsItsConnection) {
  ASSERT_TRUE(ask());
  TlsTestServer another(identity_,
                        [](const TestRequest&) { return TestReply{.body = kWorkingAccount}; });
  config_.members.push_back(member_of(another));
  appliance_->reconfigure(settings_of(config_));
  ASSERT_TRUE(ask());
  EXPECT_EQ(server_.connections(), 1U);
}

TEST_F(ReconfigureTest, AWithdrawnPinClosesIdleConnections) {
  ASSERT_TRUE(ask());
  trust_only(stranger_.pin());
  const auto refused = ask();
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().failure, Failure::untrusted);
  EXPECT_EQ(server_.requests().size(), 1U) << "no request went out on the old connection";
}

TEST_F(ReconfigureTest, ARequestUnderWayEndsOnItsConnection) {
  delay_ = 500ms;
  auto under_way = std::async(std::launch::async, [this] { return ask(); });
  while (!asked_) std::this_thread::sleep_for(1ms);
  trust_only(stranger_.pin());
  EXPECT_TRUE(under_way.get());
  EXPECT_FALSE(ask()) << "the connection was closed when its request was over";
}

TEST_F(ReconfigureTest, OtherLimitsCountForTheNextRequest) {
  ASSERT_TRUE(ask());
  config_.limits.sign_attempt = 100ms;
  config_.limits.call = 1s;
  appliance_->reconfigure(settings_of(config_));
  delay_ = 5s;
  const auto began = std::chrono::steady_clock::now();
  EXPECT_FALSE(appliance_->account(who_, Deadline::after(1s)));
  EXPECT_LT(std::chrono::steady_clock::now() - began, 4s);
}

TEST_F(ReconfigureTest, FiguresGoOnAcrossTheChange) {
  ASSERT_TRUE(ask());
  trust_only(identity_->pin());
  config_.limits.connections = 3;
  appliance_->reconfigure(settings_of(config_));
  ASSERT_TRUE(ask());
  EXPECT_EQ(appliance_->figures().sum().requests, 2U);
  EXPECT_EQ(appliance_->figures().sum().handshakes, 2U);
}

}  // namespace
}  // namespace signet::transport
