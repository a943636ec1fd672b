// Calls that are made only once: for dialects whose signatures have no idempotency key.
#include "dsa-transport/cluster.h"

#include <gtest/gtest.h>

#include "dsa-transport/testing/pair_test_scene.h"

namespace signet::transport {

using namespace std::chrono_literals;

// Not in an anonymous namespace: where sources are joined, g++ takes no coroutine over types of one.
class OnceTest : public PairTest {
 protected:
  struct Text {
    std::string body;
    Trace trace = {};
  };

  static TestReply good() { return {.status = 200, .body = "signed"}; }

  Result<Text, CallFailure> call(Cluster& cluster, std::string_view only_once = "signed",
                                 Milliseconds allowed = 3000ms) {
    const Call call{"sign", Access::read, 1000ms, Deadline::after(allowed), only_once};
    https::Request request{https::Method::post, "/sign", {}, WipedText(10, 'x')};
    const auto read = [](const https::Response& response, const std::string&) -> Judged<Text> {
      if (response.status >= 500 && response.status != 503) {
        return Verdict{Verdict::Kind::faulty, {Failure::appliance_fault, "it failed", {}}};
      }
      if (response.status == 404) {
        Verdict verdict{Verdict::Kind::faulty, {Failure::bad_answer, "nothing is there", {}}};
        verdict.untouched = true;
        return verdict;
      }
      if (response.status == 503) return Verdict{Verdict::Kind::busy, {Failure::busy, "busy", {}}};
      if (response.body != "signed") return bad_answer(response, {"nonsense"});
      return Text{std::string(response.body)};
    };
    return cluster.ask<Text>(call, std::move(request), read).finish();
  }
};

namespace {

using Ending = TestReply::Ending;

TEST_F(OnceTest, IsNotRepeatedWhereItMayHaveArrived) {
  for (const TestReply& reply :
       {TestReply{.ending = Ending::reset}, TestReply{.status = 500}, TestReply{.body = "{"}}) {
    TlsTestServer primary(identity_, always(reply));
    TlsTestServer alternate(identity_, always(good()));
    Cluster cluster(patient_options_for({member_of(primary), member_of(alternate)}));
    const auto answer = call(cluster);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().error.failure, Failure::appliance_fault);
    EXPECT_NE(answer.error().error.sentence.find("may have signed"), std::string::npos)
        << answer.error().error.sentence;
    EXPECT_TRUE(answer.error().may_be_repeated);
    EXPECT_EQ(primary.requests().size() + alternate.requests().size(), 1U);
    EXPECT_EQ(cluster.figures().sum().uncertain, 1U);
    // The other member is there for the next one.
    EXPECT_TRUE(call(cluster, {}));
  }
}

TEST_F(OnceTest, IsNotRepeatedWhereAKeptConnectionSwallowedIt) {
  TlsTestServer server(
      identity_, [number = std::make_shared<std::atomic<int>>(0)](const TestRequest&) -> TestReply {
        if ((*number)++ == 1) return {.ending = Ending::reset};
        return good();
      });
  Cluster cluster(patient_options_for({member_of(server)}));
  ASSERT_TRUE(call(cluster));
  EXPECT_FALSE(call(cluster));
  EXPECT_EQ(server.requests().size(), 2U);
  EXPECT_TRUE(call(cluster));
}

TEST_F(OnceTest, GoesToTheOtherMemberWhereItReachedNobodyOrIsBusy) {
  TlsTestServer alternate(identity_, always(good()));
  Cluster dead(patient_options_for({dead_member(), member_of(alternate)}));
  EXPECT_TRUE(call(dead));
  TlsTestServer busy(identity_, always({.status = 503}));
  Cluster loaded(patient_options_for({member_of(busy), member_of(alternate)}));
  EXPECT_TRUE(call(loaded));
  EXPECT_EQ(alternate.requests().size(), 2U);
  EXPECT_EQ(loaded.figures().sum().uncertain, 0U);
}

TEST_F(OnceTest, GoesToTheOtherMemberWhereNobodyLookedAtIt) {
  TlsTestServer wrong(identity_, always({.status = 404}));
  TlsTestServer alternate(identity_, always(good()));
  Cluster pair(patient_options_for({member_of(wrong), member_of(alternate)}));
  EXPECT_TRUE(call(pair));
  Cluster alone(patient_options_for({member_of(wrong)}));
  const auto answer = call(alone);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().error.failure, Failure::bad_answer);
  EXPECT_EQ(answer.error().error.sentence.find("may have"), std::string::npos);
  EXPECT_EQ(alone.figures().sum().uncertain, 0U);
}

TEST_F(OnceTest, ADeadKeptConnectionIsReplacedWhereNothingWasSent) {
  TlsTestServer server(identity_, always(good()));
  Cluster cluster(patient_options_for({member_of(server)}));
  ASSERT_TRUE(call(cluster));
  server.drop_connections();
  std::this_thread::sleep_for(50ms);
  EXPECT_TRUE(call(cluster));
}

// A deadline in the middle of one more attempt would turn "busy" into "may have signed".
TEST_F(OnceTest, IsNotRepeatedWhereTheTimeIsTooShortForAnAnswer) {
  TlsTestServer busy(identity_, always({.status = 503, .delay = 600ms}));
  Cluster cluster(patient_options_for({member_of(busy)}));
  const auto answer = call(cluster, "signed", 1000ms);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().error.failure, Failure::busy);
  EXPECT_GE(busy.requests().size(), 1U);
  EXPECT_EQ(cluster.figures().sum().uncertain, 0U);
}

}  // namespace
}  // namespace signet::transport
