// Calls that are started, left and finished later, a hundred of them in one thread.

#include <gtest/gtest.h>

#include "common/testing/open_descriptors.h"
#include "dsa-transport/testing/pair_test_scene.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;

class PairTasksTest : public PairTest {
 protected:
  static constexpr std::size_t kMany = 100;

  static std::unique_ptr<Appliance> client_with_connections(
      unsigned connections, std::vector<config::MemberConfig> members) {
    Settings settings = patient_options_for(std::move(members));
    settings.limits.connections = connections;
    return make_appliance(std::move(settings));
  }

  void start(Appliance& client, std::size_t count, Milliseconds allowed) {
    for (std::size_t i = 0; i < count; ++i) {
      tasks_.push_back(client.start_sign(who_, request_, Deadline::after(allowed)));
    }
  }

  // One turn for each of them; waits where all of them do. False once all are done.
  bool turn() {
    std::vector<Wait> waits;
    for (auto& task : tasks_) {
      if (!task.step()) waits.push_back(task.wait());
    }
    if (waits.empty()) return false;
    waits.push_back(wait_for(20ms));
    wait_for_any(waits);
    return true;
  }

  void turn_until_asked(const TlsTestServer& server, std::size_t requests) {
    const Deadline patience = Deadline::after(60s);
    while (server.requests().size() < requests && !patience.passed()) ASSERT_TRUE(turn());
    ASSERT_EQ(server.requests().size(), requests);
  }

  const SignRequest request_ = sign_request();
  const KeySpec spec_{KeyType::ec, 0, Curve::p256, {}, {}};
  std::vector<Task<Answer<Signatures>>> tasks_;
};

TEST_F(PairTasksTest, AHundredCallsInOneThreadSurviveTheDeathOfAMember) {
  TlsTestServer primary(identity_, always({.ending = Ending::stall}));
  TlsTestServer alternate(identity_, always(signature()));
  const auto before = open_descriptors();
  auto client = client_with_connections(2 * kMany, {member_of(primary), member_of(alternate)});
  auto left = client->start_sign(who_, request_, Deadline::after(60s));
  EXPECT_FALSE(left.step());
  start(*client, kMany, 60s);
  turn_until_asked(primary, kMany);

  primary.stop();
  while (turn()) {
  }
  for (auto& task : tasks_) {
    const auto answer = task.finish();
    ASSERT_TRUE(answer) << answer.error().sentence;
    EXPECT_EQ(answer.value().trace.member, alternate.url());
  }
  EXPECT_EQ(alternate.requests().size(), kMany);
  const auto answer = left.finish();
  ASSERT_TRUE(answer) << answer.error().sentence;

  // One request each: at either member, and under the same key at both.
  EXPECT_EQ(alternate.requests().size(), kMany + 1);
  EXPECT_EQ(idempotency_keys(alternate.requests()).size(), kMany + 1);
  EXPECT_EQ(primary.requests().size(), kMany);
  EXPECT_EQ(
      together(idempotency_keys(primary.requests()), idempotency_keys(alternate.requests())).size(),
      kMany + 1);
  EXPECT_GE(client->figures().sum().failovers, kMany);

  tasks_.clear();
  client.reset();
  alternate.stop();
  primary.start();
  alternate.start();
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(PairTasksTest, AHundredCallsInOneThreadEndByTheirDeadline) {
  TlsTestServer server(identity_, always({.ending = Ending::stall}));
  const auto client = client_with_connections(2 * kMany, {member_of(server)});
  constexpr Milliseconds allowed = 10s;
  const auto time = time_of([&] {
    start(*client, kMany, allowed);
    auto left = client->start_sign(who_, request_, Deadline::after(allowed));
    EXPECT_FALSE(left.step());
    turn_until_asked(server, kMany);
    while (turn()) {
    }
    const auto answer = left.finish();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::timed_out);
  });
  EXPECT_GE(time, allowed - 100ms);
  EXPECT_LT(time, allowed + kWellBelowACall);
  for (auto& task : tasks_) {
    const auto answer = task.finish();
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::timed_out);
  }
  EXPECT_EQ(server.requests().size(), kMany);
  EXPECT_EQ(idempotency_keys(server.requests()).size(), kMany);
}

TEST_F(PairTasksTest, ACancelledCallGivesItsConnectionToTheNext) {
  auto asked = std::make_shared<std::atomic<int>>(0);
  TlsTestServer server(identity_, [this, asked](const TestRequest&) {
    return (*asked)++ == 0 ? TestReply{.ending = Ending::stall} : signature();
  });
  const auto client = client_with_connections(1, {member_of(server)});
  start(*client, 1, 60s);
  turn_until_asked(server, 1);
  auto waiting = client->start_generate_key(who_, spec_, Deadline::after(60s));
  auto never = client->start_account(who_, Deadline::after(60s));
  EXPECT_FALSE(waiting.step());
  EXPECT_FALSE(never.step());
  { const auto cancelled = std::move(never); }
  tasks_.clear();
  const auto answer = waiting.finish();
  ASSERT_FALSE(answer) << "a list of signatures is no key";
  EXPECT_EQ(answer.error().failure, Failure::timed_out);
  EXPECT_GE(server.requests().size(), 2U);
  EXPECT_TRUE(sign(*client));
}

TEST_F(PairTasksTest, ACallThatWasNeverSteppedTouchesNoNetwork) {
  TlsTestServer server(identity_, always(signature()));
  const auto client = client_with_connections(1, {member_of(server)});
  { const auto task = client->start_sign(who_, request_, Deadline::after(60s)); }
  EXPECT_EQ(server.connections(), 0U);
}

}  // namespace
}  // namespace signet::transport
