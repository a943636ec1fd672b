// Two members that are there: which of them gets a request, on which connection, and how often.

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

#include "dsa-transport/testing/pair_test_scene.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;

TEST_F(PairTest, PrefersThePrimary) {
  TlsTestServer primary(identity_, always(signature()));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({member_of(primary), member_of(alternate)});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_EQ(primary.requests().size(), 5U);
  EXPECT_EQ(alternate.connections(), 0U);
}

TEST_F(PairTest, NeedsNoMoreHandshakesThanThreads) {
  TlsTestServer server(identity_, always(signature()));
  const auto client = patient_client_of({member_of(server)});
  std::vector<std::thread> threads;
  std::atomic<int> good{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 125; ++n) good += sign(*client).has_value() ? 1 : 0;
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(good, 1000);
  EXPECT_LE(server.handshakes(), 8U);
  EXPECT_EQ(client->figures().sum().handshakes, server.handshakes());
}

TEST_F(PairTest, KeepsNoMoreConnectionsThanAllowed) {
  TestReply slow = signature();
  slow.delay = 20ms;
  TlsTestServer server(identity_, always(slow));
  Settings options = patient_options_for({member_of(server)});
  options.limits.connections = 2;
  const auto client = make_appliance(options);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(sign(*client)); });
  for (auto& thread : threads) thread.join();
  EXPECT_LE(server.connections(), 2U);
}

TEST_F(PairTest, ReplacesAConnectionThatDiedWhileIdle) {
  TlsTestServer server(identity_, always(signature()));
  const auto client = patient_client_of({member_of(server)});
  ASSERT_TRUE(sign(*client));
  server.drop_connections();
  std::this_thread::sleep_for(20ms);
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(server.handshakes(), 2U);
}

TEST_F(PairTest, RepeatsOnAFreshConnectionWhatAKeptOneSwallowed) {
  TlsTestServer server(
      identity_,
      [this, number = std::make_shared<std::atomic<int>>(0)](const TestRequest&) -> TestReply {
        if ((*number)++ == 1) return {.ending = Ending::reset};
        return signature();
      });
  const auto client = patient_client_of({member_of(server)});
  ASSERT_TRUE(sign(*client));
  EXPECT_TRUE(sign(*client));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(idempotency_keys({requests[1], requests[2]}).size(), 1U);
  EXPECT_EQ(idempotency_keys(requests).size(), 2U);
}

TEST_F(PairTest, AgesConnectionsOut) {
  TlsTestServer server(identity_, always(signature()));
  Settings options = patient_options_for({member_of(server)});
  options.limits.idle = 20ms;
  const auto client = make_appliance(options);
  ASSERT_TRUE(sign(*client));
  std::this_thread::sleep_for(50ms);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(client->figures().sum().stale_connections, 0U);
}

TEST_F(PairTest, AsksTheOtherMemberAfterTheAttemptsTime) {
  TlsTestServer primary(identity_, always({.ending = Ending::stall}));
  TlsTestServer alternate(identity_, always(signature()));
  Settings options = patient_options_for({member_of(primary), member_of(alternate)});
  options.limits.sign_attempt = 1500ms;
  const auto client = make_appliance(options);
  const auto time = time_of([&] { EXPECT_TRUE(sign(*client)); });
  EXPECT_GE(time, 1490ms);
  EXPECT_LT(time, kWellBelowACall);
  const auto keys =
      together(idempotency_keys(primary.requests()), idempotency_keys(alternate.requests()));
  EXPECT_EQ(keys.size(), 1U);
}

TEST_F(PairTest, AsksTheOtherMemberWhenAHandshakeStalls) {
  TlsTestServer primary(identity_, always(signature()), {.stalls_handshake = true});
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = client_with_connect_limit(1500ms, {member_of(primary), member_of(alternate)});
  EXPECT_LT(time_of([&] { EXPECT_TRUE(sign(*client)); }), kWellBelowACall);
}

TEST_F(PairTest, RepeatsEveryKindOfLostAnswerUnderOneKey) {
  for (const Ending ending : {Ending::reset, Ending::cut, Ending::stall}) {
    TestReply lost = signature();
    lost.ending = ending;
    TlsTestServer server(identity_, at_first(1, lost, signature()));
    Settings options = patient_options_for({member_of(server)});
    if (ending == Ending::stall) options.limits.sign_attempt = 2s;
    EXPECT_TRUE(sign(*make_appliance(options)));
    EXPECT_EQ(server.requests().size(), 2U);
    EXPECT_EQ(idempotency_keys(server.requests()).size(), 1U);
  }
}

TEST_F(PairTest, AsksTheOtherMemberWhenOneIsFaulty) {
  for (const TestReply& reply :
       {problem_reply(500, "0x90010001"), TestReply{.body = "{}"}, TestReply{.body = "nonsense"}}) {
    TlsTestServer primary(identity_, always(reply));
    TlsTestServer alternate(identity_, always(signature()));
    EXPECT_TRUE(sign(*patient_client_of({member_of(primary), member_of(alternate)})));
  }
}

TEST_F(PairTest, LeavesAMemberAloneThatIsFaultyAgainAndAgain) {
  TlsTestServer primary(identity_, always(problem_reply(500, "0x90010001")));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({member_of(primary), member_of(alternate)});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_LE(primary.requests().size(), 4U);
}

TEST_F(PairTest, NeverRepeatsARefusedCredential) {
  for (const int status : {401, 403}) {
    TlsTestServer primary(identity_, always(problem_reply(status, "0x900201E0")));
    TlsTestServer alternate(identity_, always(signature()));
    EXPECT_FALSE(sign(*patient_client_of({member_of(primary), member_of(alternate)})));
    EXPECT_EQ(primary.requests().size(), 1U);
    EXPECT_EQ(alternate.connections(), 0U);
  }
}

TEST_F(PairTest, AsksTheOtherMemberFirstWhenOneIsBusy) {
  TestReply busy = problem_reply(503, "0x90020113");
  busy.headers["Retry-After"] = "30";
  TlsTestServer primary(identity_, always(busy));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({member_of(primary), member_of(alternate)});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_EQ(primary.requests().size(), 1U);
}

TEST_F(PairTest, WaitsAsLongAsABusyApplianceAsks) {
  TestReply busy = problem_reply(429, "0x90020113");
  busy.headers["Retry-After"] = "1";
  TlsTestServer server(identity_, at_first(1, busy, signature()));
  const auto client = patient_client_of({member_of(server)});
  const auto time = time_of([&] { EXPECT_TRUE(sign(*client)); });
  EXPECT_GE(time, 1000ms);
  EXPECT_LT(time, 4000ms);
}

TEST_F(PairTest, SaysBusyAtOnceWhenTheWaitIsLongerThanTheDeadline) {
  TestReply busy = problem_reply(503, "0x90020113");
  busy.headers["Retry-After"] = "60";
  TlsTestServer server(identity_, always(busy));
  const auto client = patient_client_of({member_of(server)});
  const auto time = time_of([&] {
    const auto answer = sign(*client);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::busy);
    EXPECT_EQ(answer.error().cause.request_id, "request-4711");
  });
  EXPECT_LT(time, 3000ms);
}

TEST_F(PairTest, LeavesTheParentsConnectionsAloneInAChild) {
  TlsTestServer server(identity_, always(signature()));
  const auto client = patient_client_of({member_of(server)});
  ASSERT_TRUE(sign(*client));
  const pid_t child = fork();
  if (child == 0) {
    client->abandon();
    _exit(0);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
  EXPECT_TRUE(sign(*client));
  EXPECT_EQ(server.connections(), 1U);
}

}  // namespace
}  // namespace signet::transport
