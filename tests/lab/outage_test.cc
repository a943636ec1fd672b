// Members of a pair die, by kill -9 or with their whole host, while 32 threads sign.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"

namespace signet::tests {
namespace {

constexpr int kThreads = 32;
constexpr Milliseconds kPause{50};
constexpr Milliseconds kLongestReturn{15'000};  // a circuit rests 10 s at most
constexpr int kWarmUp = 200;                    // signatures

enum class Death {
  killed,       // kill -9: the host says that nobody listens
  black_holed,  // nothing of the host answers any more
};

class OutageTest : public testing::TestWithParam<Death> {
 protected:
  OutageTest() { main_.login(lab_.pin()); }

  bool killed() const { return GetParam() == Death::killed; }

  // What one dead member may cost a call.
  Milliseconds bound() const { return killed() ? kPrompt : lab_.limits().sign_attempt + kPrompt; }

  void take_down(EmulatorMember& member, Proxy& proxy) const {
    if (killed()) {
      member.kill();
    } else {
      proxy.set({.path = Conditions::Path::black_hole});
    }
  }
  void take_down_primary() { take_down(lab_.primary(), lab_.primary_proxy()); }
  void take_down_alternate() { take_down(lab_.alternate(), lab_.alternate_proxy()); }

  void bring_back(EmulatorMember& member, Proxy& proxy) const {
    if (killed()) {
      member.start();
    } else {
      proxy.heal();
    }
  }
  void bring_back_primary() { bring_back(lab_.primary(), lab_.primary_proxy()); }
  void bring_back_alternate() { bring_back(lab_.alternate(), lab_.alternate_proxy()); }

  void start_crew() {
    crew_.emplace(module_, lab_.pin(), kThreads, kPause);
    ASSERT_TRUE(comes_true(kLongestReturn, [&] { return crew_->successes() >= kWarmUp; }));
  }

  // Long enough for every thread to have met the dead member, and to find out what it costs then.
  void sit_out() const {
    std::this_thread::sleep_for(killed() ? 2 * kPrompt
                                         : 2 * lab_.limits().sign_attempt + 2 * kPrompt);
  }

  // Waits until the primary serves signatures again.
  void expect_traffic_on_the_primary() {
    const auto began = std::chrono::steady_clock::now();
    const auto before = lab_.primary().counters().requests;
    const auto more = [&] { return lab_.primary().counters().requests > before + kThreads; };
    EXPECT_TRUE(comes_true(kLongestReturn, more)) << "the primary gets no requests";
    report("back on the primary after {} ms",
           (std::chrono::steady_clock::now() - began) / Milliseconds(1));
  }

  // All that is true however the scene went; gives the calls for more questions.
  std::vector<SignedCall> finish() {
    auto calls = crew_->stop();
    crew_.reset();
    report("{} calls, the slowest took {} ms", calls.size(), slowest(calls).count());
    expect_reconciled(calls, lab_.journal(), signer_certificate(module_, lab_.pin()));
    return calls;
  }

  // The next signatures come from the primary alone.
  void expect_primary_serves() {
    const auto before = lab_.journal().size();
    const auto key = main_.find_one({CKO_PRIVATE_KEY, "signer", {}});
    for (int i = 0; i < 10; ++i) sign_once(main_, key, fmt::format("afterwards {}", i));
    const auto journal = lab_.journal();
    ASSERT_EQ(journal.size(), before + 10);
    for (auto at = before; at < journal.size(); ++at) EXPECT_EQ(journal[at].role, "primary");
  }

  void expect_no_failure(const std::vector<SignedCall>& calls) const {
    for (const auto& [code, count] : by_code(calls)) {
      EXPECT_EQ(code, CKR_OK) << count << " calls answered " << fmt::format("0x{:x}", code);
    }
    EXPECT_LE(slowest(calls), bound());
  }

  template <typename... Values>
  void report(fmt::format_string<Values...> text, Values&&... values) const {
    std::cout << "[ measured ] " << (killed() ? "killed" : "black-holed") << ": "
              << fmt::format(text, std::forward<Values>(values)...) << '\n';
  }

  Laboratory lab_{GetParam() == Death::killed ? Laboratory::Route::direct
                                              : Laboratory::Route::proxied};
  const Module module_;
  Session main_{module_};
  std::optional<SigningThreads> crew_;
};

TEST_P(OutageTest, NoSignatureFailsWhileThePrimaryIsDown) {
  start_crew();
  take_down_primary();
  const auto down = std::chrono::steady_clock::now();
  sit_out();
  const auto up = std::chrono::steady_clock::now();
  bring_back_primary();
  expect_traffic_on_the_primary();
  const auto calls = finish();
  expect_no_failure(calls);
  // Once it is known to be dead it costs nothing.
  for (const auto& call : calls) {
    const bool known = call.began > down + bound() && call.began < up;
    EXPECT_LE(call.took, known ? kPrompt : bound()) << call.message;
  }
  expect_primary_serves();
}

TEST_P(OutageTest, NobodyNoticesThatTheAlternateIsDown) {
  start_crew();
  take_down_alternate();
  std::this_thread::sleep_for(2 * kPrompt);
  bring_back_alternate();
  const auto calls = finish();
  expect_no_failure(calls);
  EXPECT_LE(slowest(calls), kPrompt);
  expect_primary_serves();
}

TEST_P(OutageTest, NoSignatureFailsWhileBothGoDownInTurn) {
  start_crew();
  take_down_primary();
  sit_out();
  bring_back_primary();
  expect_traffic_on_the_primary();
  take_down_alternate();
  std::this_thread::sleep_for(2 * kPrompt);
  bring_back_alternate();
  take_down_primary();
  std::this_thread::sleep_for(bound() + kPrompt);
  bring_back_primary();
  expect_traffic_on_the_primary();
  expect_no_failure(finish());
  expect_primary_serves();
}

TEST_P(OutageTest, WithBothDownCallsFailAtOnceAndThePairHealsByItself) {
  start_crew();
  take_down_primary();
  take_down_alternate();
  const auto down = std::chrono::steady_clock::now();
  sit_out();
  const auto up = std::chrono::steady_clock::now();
  bring_back_primary();
  bring_back_alternate();
  const int before = crew_->successes();
  EXPECT_TRUE(comes_true(kLongestReturn, [&] { return crew_->successes() > before + kThreads; }))
      << "signing does not go on";
  report("signing again after {} ms", (std::chrono::steady_clock::now() - up) / Milliseconds(1));
  expect_traffic_on_the_primary();

  const auto calls = finish();
  const auto codes = by_code(calls);
  EXPECT_GT(codes.count(CKR_DEVICE_REMOVED), 0U);
  for (const auto& [code, count] : codes) {
    EXPECT_TRUE(code == CKR_OK || code == CKR_DEVICE_REMOVED)
        << count << " calls answered " << fmt::format("0x{:x}", code);
  }
  // A call that was under way may wait for both members, one after the other.
  const Milliseconds both = killed() ? kPrompt : 2 * lab_.limits().sign_attempt + kPrompt;
  EXPECT_LE(slowest(calls), both);
  Milliseconds prompt{0};
  for (const auto& call : calls) {
    if (call.began > down + both && call.began < up) prompt = std::max(prompt, call.took);
  }
  report("with both known to be dead the slowest answer took {} ms", prompt.count());
  EXPECT_LE(prompt, kPrompt);
  expect_primary_serves();
}

INSTANTIATE_TEST_SUITE_P(, OutageTest, testing::Values(Death::killed, Death::black_holed),
                         [](const auto& instance) {
                           return instance.param == Death::killed ? "Killed" : "BlackHoled";
                         });

}  // namespace
}  // namespace signet::tests
