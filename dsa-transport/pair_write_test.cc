// Changes: which member takes them, and what is known after an answer was lost.

#include <gtest/gtest.h>

#include "dsa-transport/testing/pair_test_scene.h"

namespace signet::transport {
namespace {

using namespace std::chrono_literals;
using Ending = TestReply::Ending;

class PairWriteTest : public PairTest {};

TEST_F(PairWriteTest, SendsWritesToThePrimary) {
  const TestReply misdirected = problem_reply(421, "");
  TlsTestServer alternate(identity_, always(misdirected));
  TlsTestServer primary(identity_, always({.status = 201, .body = key_body()}));
  // The configured order is wrong, or the roles have changed.
  const auto client = patient_client_of({member_of(alternate), member_of(primary)});
  for (int i = 0; i < 3; ++i) EXPECT_TRUE(generate(*client));
  EXPECT_EQ(alternate.requests().size(), 1U);
  EXPECT_EQ(primary.requests().size(), 3U);
  EXPECT_EQ(primary.requests()[0].headers.at("idempotency-key"),
            alternate.requests()[0].headers.at("idempotency-key"));
}

TEST_F(PairWriteTest, SaysUnreachableWhenOnlyTheAlternateIsThereForAWrite) {
  TlsTestServer alternate(identity_, always(problem_reply(421, "")));
  const auto client = patient_client_of({dead_member(), member_of(alternate)});
  const auto answer = generate(*client);
  ASSERT_FALSE(answer);
  EXPECT_EQ(answer.error().failure, Failure::unreachable);
}

TEST_F(PairWriteTest, SaysThatTheOutcomeOfAWriteIsUnknown) {
  TlsTestServer server(identity_, always({.ending = Ending::stall}));
  Settings options = patient_options_for({member_of(server)});
  options.limits.generate_attempt = 800ms;
  const auto client = make_appliance(options);
  const auto time = time_of([&] {
    const auto answer = generate(*client, 3000ms);
    ASSERT_FALSE(answer);
    EXPECT_EQ(answer.error().failure, Failure::timed_out);
    EXPECT_NE(answer.error().sentence.find("not known"), std::string::npos);
  });
  EXPECT_LT(time, 3000ms + kWellBelowACall);
  EXPECT_GE(server.requests().size(), 2U);
  EXPECT_EQ(idempotency_keys(server.requests()).size(), 1U);
}

TEST_F(PairWriteTest, TakesAKeyThatIsGoneAfterALostAnswerForDeleted) {
  TestReply lost{.status = 204, .ending = Ending::reset};
  TlsTestServer server(identity_, at_first(1, lost, problem_reply(404, "0x90030705")));
  const auto client = patient_client_of({member_of(server)});
  EXPECT_TRUE(client->delete_key(who_, kKeyId, soon()));
  const auto second = client->delete_key(who_, kKeyId, soon());
  ASSERT_FALSE(second);
  EXPECT_EQ(second.error().failure, Failure::no_such_object);
}

TEST_F(PairWriteTest, TakesAKeyThatIsGoneAfterAFaultForDeleted) {
  TlsTestServer primary(
      identity_, at_first(1, problem_reply(504, "0x90010001"), problem_reply(404, "0x90030705")));
  TlsTestServer alternate(identity_,
                          at_first(1, problem_reply(503, "0x90020113"), problem_reply(421, "")));
  const auto client = patient_client_of({member_of(primary), member_of(alternate)});
  EXPECT_TRUE(client->delete_key(who_, kKeyId, soon()));
  EXPECT_EQ(primary.requests().size(), 2U);
}

TEST_F(PairWriteTest, KnowsThatALostAnswerHadChangedThePassword) {
  TlsTestServer server(
      identity_,
      [lost = std::make_shared<std::atomic<bool>>(false)](const TestRequest& request) -> TestReply {
        const bool old_one =
            request.headers.at("authorization") == "Basic " + base64("seal:pass\"word");
        if (!lost->exchange(true)) return {.ending = Ending::reset};
        if (old_one) return problem_reply(401, "0x900201E0");
        return {.body = kAccountBody};
      });
  const auto client = patient_client_of({member_of(server)});
  EXPECT_TRUE(client->change_password(who_, Secret("new"), soon()));
}

}  // namespace
}  // namespace signet::transport
