// Two members, and everything that can happen to them.

#include "dsa-transport/pair.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <set>

#include "dsa-transport/rest_test_scene.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;
using Steady = std::chrono::steady_clock;

Milliseconds time_of(const std::function<void()>& action) {
  const auto began = Steady::now();
  action();
  return std::chrono::duration_cast<Milliseconds>(Steady::now() - began);
}

class PairTest : public RestTest {
 protected:
  TestReply signature() const { return {.body = signatures_body(64)}; }
  TlsTestServer::Handler always(TestReply reply) const {
    return [reply](const TestRequest&) { return reply; };
  }

  // The first `count` requests get `first`, every other one `then`.
  static TlsTestServer::Handler at_first(int count, TestReply first, TestReply then) {
    auto number = std::make_shared<std::atomic<int>>(0);
    return [=](const TestRequest&) { return (*number)++ < count ? first : then; };
  }

  pinning::MemberConfig member_at(const std::string& url) const {
    return {url, pinning::PinSet({identity_->pin()}), {}};
  }
  pinning::MemberConfig dead_member() const {
    return member_at("https://127.0.0.1:" + std::to_string(closed_port()) + "/dsa/v1");
  }

  static std::unique_ptr<RestAppliance> client_of(std::vector<pinning::MemberConfig> members) {
    return make_rest_appliance(hasty_options_for(std::move(members)));
  }

  static std::unique_ptr<RestAppliance> client_with_connect_limit(
      Milliseconds limit, std::vector<pinning::MemberConfig> members) {
    RestOptions options = patient_options_for(std::move(members));
    options.limits.connect = limit;
    return make_rest_appliance(options);
  }

  static std::unique_ptr<RestAppliance> patient_client_of(
      std::vector<pinning::MemberConfig> members) {
    return make_rest_appliance(patient_options_for(std::move(members)));
  }

  Answer<Signatures> sign(RestAppliance& client, Milliseconds allowed = 10000ms) {
    return client.sign(who_, sign_request(), Deadline::after(allowed));
  }
  Answer<KeyInfo> generate(RestAppliance& client, Milliseconds allowed = 10000ms) {
    return client.generate_key(who_, {KeyType::ec, 0, Curve::p256, {}, {}},
                               Deadline::after(allowed));
  }

  static std::set<std::string> idempotency_keys(std::vector<TestRequest> requests) {
    std::set<std::string> keys;
    for (auto& request : requests) keys.insert(request.headers["idempotency-key"]);
    return keys;
  }

  static std::set<std::string> together(std::set<std::string> a, std::set<std::string> b) {
    a.merge(b);
    return a;
  }
};

TEST_F(PairTest, PrefersThePrimary) {
  TlsTestServer primary(identity_, always(signature()));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({primary.member(), alternate.member()});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_EQ(primary.requests().size(), 5U);
  EXPECT_EQ(alternate.connections(), 0U);
}

TEST_F(PairTest, NeedsNoMoreHandshakesThanThreads) {
  TlsTestServer server(identity_, always(signature()));
  const auto client = patient_client_of({server.member()});
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
  EXPECT_EQ(client->totals().handshakes, server.handshakes());
}

TEST_F(PairTest, KeepsNoMoreConnectionsThanAllowed) {
  TestReply slow = signature();
  slow.delay = 20ms;
  TlsTestServer server(identity_, always(slow));
  RestOptions options = patient_options_for({server.member()});
  options.limits.connections = 2;
  const auto client = make_rest_appliance(options);
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) threads.emplace_back([&] { EXPECT_TRUE(sign(*client)); });
  for (auto& thread : threads) thread.join();
  EXPECT_LE(server.connections(), 2U);
}

TEST_F(PairTest, ReplacesAConnectionThatDiedWhileIdle) {
  TlsTestServer server(identity_, always(signature()));
  const auto client = patient_client_of({server.member()});
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
  const auto client = patient_client_of({server.member()});
  ASSERT_TRUE(sign(*client));
  EXPECT_TRUE(sign(*client));
  const auto requests = server.requests();
  ASSERT_EQ(requests.size(), 3U);
  EXPECT_EQ(idempotency_keys({requests[1], requests[2]}).size(), 1U);
  EXPECT_EQ(idempotency_keys(requests).size(), 2U);
}

TEST_F(PairTest, AgesConnectionsOut) {
  TlsTestServer server(identity_, always(signature()));
  RestOptions options = patient_options_for({server.member()});
  options.limits.idle = 20ms;
  const auto client = make_rest_appliance(options);
  ASSERT_TRUE(sign(*client));
  std::this_thread::sleep_for(50ms);
  ASSERT_TRUE(sign(*client));
  EXPECT_EQ(server.connections(), 2U);
  EXPECT_EQ(client->totals().stale_connections, 0U);
}

TEST_F(PairTest, SignsOnTheAlternateWhenThePrimaryIsGone) {
  TlsTestServer primary(identity_, always(signature()));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({primary.member(), alternate.member()});
  ASSERT_TRUE(sign(*client));
  primary.stop();
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_EQ(alternate.requests().size(), 10U);
  EXPECT_GE(client->totals().failovers, 1U);
}

TEST_F(PairTest, GoesBackToThePrimaryWhenItReturns) {
  TlsTestServer primary(identity_, always(signature()));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({primary.member(), alternate.member()});
  primary.stop();
  ASSERT_TRUE(sign(*client));
  primary.start();
  std::this_thread::sleep_for(600ms);
  for (int i = 0; i < 4; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_GE(primary.requests().size(), 3U);
}

TEST_F(PairTest, PaysForADeadHostOnce) {
  const BlackHole hole;
  TlsTestServer alternate(identity_, always(signature()));
  const auto client =
      client_with_connect_limit(1000ms, {member_at(hole.url()), alternate.member()});
  const auto first = time_of([&] { EXPECT_TRUE(sign(*client)); });
  EXPECT_LT(first, 2000ms);
  // Long enough for several rests of the circuit to end.
  Milliseconds slowest = 0ms;
  for (int i = 0; i < 40; ++i) {
    slowest = std::max(slowest, time_of([&] { EXPECT_TRUE(sign(*client)); }));
    std::this_thread::sleep_for(50ms);
  }
  EXPECT_LT(slowest, 800ms);
}

TEST_F(PairTest, PaysForADeadHostOnceWithManyThreads) {
  const BlackHole hole;
  TlsTestServer alternate(identity_, always(signature()));
  const auto client =
      client_with_connect_limit(1000ms, {member_at(hole.url()), alternate.member()});
  std::vector<std::thread> threads;
  std::atomic<int> slow_calls{0};
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      for (int n = 0; n < 20; ++n) {
        const auto time = time_of([&] { EXPECT_TRUE(sign(*client)); });
        slow_calls += time > 800ms ? 1 : 0;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_LE(slow_calls, 8);
}

TEST_F(PairTest, AsksTheOtherMemberAfterTheAttemptsTime) {
  TlsTestServer primary(identity_, always({.ending = Ending::stall}));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = client_of({primary.member(), alternate.member()});
  const auto time = time_of([&] { EXPECT_TRUE(sign(*client)); });
  EXPECT_GE(time, 290ms);
  EXPECT_LT(time, 2000ms);
  const auto keys =
      together(idempotency_keys(primary.requests()), idempotency_keys(alternate.requests()));
  EXPECT_EQ(keys.size(), 1U);
}

TEST_F(PairTest, AsksTheOtherMemberWhenAHandshakeStalls) {
  TlsTestServer primary(identity_, always(signature()), {.stalls_handshake = true});
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = client_of({primary.member(), alternate.member()});
  EXPECT_LT(time_of([&] { EXPECT_TRUE(sign(*client)); }), 2000ms);
}

TEST_F(PairTest, RepeatsEveryKindOfLostAnswerUnderOneKey) {
  for (const Ending ending : {Ending::reset, Ending::cut, Ending::stall}) {
    TestReply lost = signature();
    lost.ending = ending;
    TlsTestServer server(identity_, at_first(1, lost, signature()));
    const auto client = client_of({server.member()});
    EXPECT_TRUE(sign(*client));
    EXPECT_EQ(server.requests().size(), 2U);
    EXPECT_EQ(idempotency_keys(server.requests()).size(), 1U);
  }
}

TEST_F(PairTest, AsksTheOtherMemberWhenOneIsFaulty) {
  for (const TestReply& reply :
       {problem_reply(500, "0x90010001"), TestReply{.body = "{}"}, TestReply{.body = "nonsense"}}) {
    TlsTestServer primary(identity_, always(reply));
    TlsTestServer alternate(identity_, always(signature()));
    EXPECT_TRUE(sign(*patient_client_of({primary.member(), alternate.member()})));
  }
}

TEST_F(PairTest, LeavesAMemberAloneThatIsFaultyAgainAndAgain) {
  TlsTestServer primary(identity_, always(problem_reply(500, "0x90010001")));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({primary.member(), alternate.member()});
  for (int i = 0; i < 10; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_LE(primary.requests().size(), 4U);
}

TEST_F(PairTest, NeverRepeatsARefusedCredential) {
  for (const int status : {401, 403}) {
    TlsTestServer primary(identity_, always(problem_reply(status, "0x900201E0")));
    TlsTestServer alternate(identity_, always(signature()));
    EXPECT_FALSE(sign(*patient_client_of({primary.member(), alternate.member()})));
    EXPECT_EQ(primary.requests().size(), 1U);
    EXPECT_EQ(alternate.connections(), 0U);
  }
}

TEST_F(PairTest, AsksTheOtherMemberFirstWhenOneIsBusy) {
  TestReply busy = problem_reply(503, "0x90020113");
  busy.headers["Retry-After"] = "30";
  TlsTestServer primary(identity_, always(busy));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({primary.member(), alternate.member()});
  for (int i = 0; i < 5; ++i) EXPECT_TRUE(sign(*client));
  EXPECT_EQ(primary.requests().size(), 1U);
}

TEST_F(PairTest, WaitsAsLongAsABusyApplianceAsks) {
  TestReply busy = problem_reply(429, "0x90020113");
  busy.headers["Retry-After"] = "1";
  TlsTestServer server(identity_, at_first(1, busy, signature()));
  const auto client = patient_client_of({server.member()});
  const auto time = time_of([&] { EXPECT_TRUE(sign(*client)); });
  EXPECT_GE(time, 1000ms);
  EXPECT_LT(time, 4000ms);
}

TEST_F(PairTest, SaysBusyAtOnceWhenTheWaitIsLongerThanTheDeadline) {
  TestReply busy = problem_reply(503, "0x90020113");
  busy.headers["Retry-After"] = "60";
  TlsTestServer server(identity_, always(busy));
  const auto client = patient_client_of({server.member()});
  const auto time = time_of([&] {
    const auto answer = sign(*client);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::busy);
    EXPECT_EQ(answer.error().cause.request_id, "request-4711");
  });
  EXPECT_LT(time, 3000ms);
}

TEST_F(PairTest, SendsWritesToThePrimary) {
  const TestReply misdirected = problem_reply(421, "");
  TlsTestServer alternate(identity_, always(misdirected));
  TlsTestServer primary(identity_, always({.status = 201, .body = key_body()}));
  // The configured order is wrong, or the roles have changed.
  const auto client = patient_client_of({alternate.member(), primary.member()});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(generate(*client));
  EXPECT_EQ(alternate.requests().size(), 1U);
  EXPECT_EQ(primary.requests().size(), 3U);
  EXPECT_EQ(primary.requests()[0].headers.at("idempotency-key"),
            alternate.requests()[0].headers.at("idempotency-key"));
}

TEST_F(PairTest, SaysUnreachableWhenOnlyTheAlternateIsThereForAWrite) {
  TlsTestServer alternate(identity_, always(problem_reply(421, "")));
  const auto client = patient_client_of({dead_member(), alternate.member()});
  const auto answer = generate(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::unreachable);
}

TEST_F(PairTest, SaysThatTheOutcomeOfAWriteIsUnknown) {
  TlsTestServer server(identity_, always({.ending = Ending::stall}));
  const auto client = client_of({server.member()});
  const auto time = time_of([&] {
    const auto answer = generate(*client, 1000ms);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::timed_out);
    EXPECT_NE(answer.error().sentence.find("not known"), std::string::npos);
  });
  EXPECT_LT(time, 2500ms);
  EXPECT_GE(server.requests().size(), 2U);
  EXPECT_EQ(idempotency_keys(server.requests()).size(), 1U);
}

TEST_F(PairTest, TakesAKeyThatIsGoneAfterALostAnswerForDeleted) {
  TestReply lost{.status = 204, .ending = Ending::reset};
  TlsTestServer server(identity_, at_first(1, lost, problem_reply(404, "0x90030705")));
  const auto client = patient_client_of({server.member()});
  EXPECT_TRUE(client->delete_key(who_, kKeyId, soon()));
  const auto second = client->delete_key(who_, kKeyId, soon());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().failure, Failure::no_such_object);
}

TEST_F(PairTest, KnowsThatALostAnswerHadChangedThePassword) {
  TlsTestServer server(
      identity_,
      [lost = std::make_shared<std::atomic<bool>>(false)](const TestRequest& request) -> TestReply {
        const bool old_one =
            request.headers.at("authorization") == "Basic " + base64("seal:pass\"word");
        if (!lost->exchange(true)) return {.ending = Ending::reset};
        if (old_one) return problem_reply(401, "0x900201E0");
        return {.body = kAccountBody};
      });
  const auto client = patient_client_of({server.member()});
  EXPECT_TRUE(client->change_password(who_, Secret("new"), soon()));
}

TEST_F(PairTest, SaysUnreachableAtOnceWhenNobodyListens) {
  const auto client = client_of({dead_member(), dead_member()});
  for (int i = 0; i < 5; ++i) {
    const auto time = time_of([&] {
      const auto answer = sign(*client);
      ASSERT_FALSE(answer);
      EXPECT_EQ(answer.error().failure, Failure::unreachable);
    });
    EXPECT_LT(time, 1500ms);
  }
}

TEST_F(PairTest, SaysUnreachableSoonWhenBothHostsAreDead) {
  const BlackHole first;
  const BlackHole second;
  const auto client = client_of({member_at(first.url()), member_at(second.url())});
  for (int i = 0; i < 3; ++i) {
    const auto time =
        time_of([&] { EXPECT_EQ(sign(*client).error().failure, Failure::unreachable); });
    EXPECT_LT(time, 2000ms);
  }
}

TEST_F(PairTest, HealsWithoutHelpAfterBothWereDown) {
  TlsTestServer primary(identity_, always(signature()));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({primary.member(), alternate.member()});
  primary.stop();
  alternate.stop();
  for (int i = 0; i < 5; ++i) EXPECT_FALSE(sign(*client));
  alternate.start();
  EXPECT_TRUE(sign(*client));
  alternate.stop();
  primary.start();
  EXPECT_TRUE(sign(*client));
}

TEST_F(PairTest, LosesNoSignatureWhileMembersGoInTurn) {
  TlsTestServer primary(identity_, always(signature()));
  TlsTestServer alternate(identity_, always(signature()));
  const auto client = patient_client_of({primary.member(), alternate.member()});
  std::atomic<bool> done{false};
  std::atomic<int> failed{0};
  std::atomic<int> good{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&] {
      while (!done) ++(sign(*client) ? good : failed);
    });
  }
  for (int i = 0; i < 3; ++i) {
    std::this_thread::sleep_for(100ms);
    primary.stop();
    std::this_thread::sleep_for(100ms);
    primary.start();
    std::this_thread::sleep_for(100ms);
    alternate.stop();
    std::this_thread::sleep_for(100ms);
    alternate.start();
  }
  done = true;
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(failed, 0);
  EXPECT_GT(good, 100);
}

TEST_F(PairTest, ReturnsByTheDeadlineWhateverHappens) {
  TlsTestServer stalling(identity_, always({.ending = Ending::stall}));
  const BlackHole hole;
  const auto client = client_of({stalling.member(), member_at(hole.url())});
  const auto time = time_of([&] { EXPECT_FALSE(sign(*client, 150ms)); });
  EXPECT_LT(time, 1500ms);
  EXPECT_EQ(sign(*client, 0ms).error().failure, Failure::timed_out);
}

TEST_F(PairTest, LeavesTheParentsConnectionsAloneInAChild) {
  TlsTestServer server(identity_, always(signature()));
  const auto client = patient_client_of({server.member()});
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
