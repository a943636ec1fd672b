// The time of day jumps by a day, forward and back, while the module works. It is this program's own
// (shifted_clock.h); appliances and the machine keep theirs.
#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <iostream>

#include "tests/clock/shifted_clock.h"
#include "tests/lab/crew.h"
#include "tests/lab/laboratory.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;
using Path = Conditions::Path;

constexpr std::chrono::seconds kDay{86'400};
constexpr LabLimits kLimits{.call = Milliseconds(6'000),
                            .connect = Milliseconds(2'000),
                            .sign_attempt = Milliseconds(2'000),
                            .refresh = Milliseconds(1'000)};

// Back to the true time at the end of each test.
class ClockTest : public testing::Test {
 protected:
  ~ClockTest() override { shift_clock(0s); }

  CK_OBJECT_HANDLE log_in(Session& session) const {
    session.login(lab_.pin());
    return session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  }

  Laboratory lab_{Laboratory::Route::proxied, kLimits, {"other"}};
};

TEST_F(ClockTest, TheClockOfTheModuleIsTheShiftedOne) {
  const std::time_t before = std::time(nullptr);
  const auto steady = std::chrono::steady_clock::now();
  shift_clock(kDay);
  EXPECT_GE(std::time(nullptr), before + kDay.count());
  EXPECT_LT(std::chrono::steady_clock::now() - steady, 1h);
  const Module module;
  Session session(module);
  log_in(session);
  EXPECT_EQ(module->C_GetSlotList(CK_TRUE, nullptr, nullptr), CKR_ARGUMENTS_BAD);  // to be logged
  std::array<char, 16> tomorrow{};
  const std::time_t now = std::time(nullptr);
  std::tm parts{};
  gmtime_r(&now, &parts);
  ASSERT_GT(std::strftime(tomorrow.data(), tomorrow.size(), "%Y-%m-%dT", &parts), 0U);
  EXPECT_NE(lab_.log().find(tomorrow.data()), std::string::npos)
      << "the log has another time of day than " << tomorrow.data() << ": "
      << lab_.log().substr(0, 200);
}

TEST_F(ClockTest, WhatTheApplianceOffersIsKeptOnDiskForAnHourAndNotForOneInTheFuture) {
  const auto requests_of_a_query = [&] {
    const auto before = lab_.counters().requests;
    const Module module;
    CK_ULONG count = 0;
    EXPECT_EQ(module->C_GetMechanismList(module.slot_of("seal"), nullptr, &count), CKR_OK);
    return lab_.counters().requests - before;
  };
  EXPECT_EQ(requests_of_a_query(), 1U);
  EXPECT_EQ(requests_of_a_query(), 0U);
  shift_clock(30min);
  EXPECT_EQ(requests_of_a_query(), 0U);
  shift_clock(90min);
  EXPECT_EQ(requests_of_a_query(), 1U);
  shift_clock(0s);
  EXPECT_EQ(requests_of_a_query(), 1U);
}

TEST_F(ClockTest, JumpsByADayWhileEightThreadsSignAreNotNoticed) {
  const Module module;
  Crew crew(module, lab_.pin(), 8, Milliseconds(5));
  ASSERT_TRUE(comes_true(10s, [&] { return crew.successes() > 20; }));
  for (int i = 0; i < 30; ++i) {
    shift_clock((i % 3 - 1) * kDay);
    std::this_thread::sleep_for(100ms);
  }
  const auto calls = crew.stop();
  EXPECT_EQ(by_code(calls), (std::map<CK_RV, int>{{CKR_OK, static_cast<int>(calls.size())}}));
  EXPECT_LT(slowest(calls), kPrompt + 1s);
  expect_reconciled(calls, lab_.journal(), signer_certificate(module, lab_.pin()));
  std::cout << "[ measured ] " << calls.size() << " signatures, the slowest took "
            << slowest(calls).count() << " ms\n";
  // Eight kept-open connections, one for the login, those that read the counters; none for a jump.
  EXPECT_LE(lab_.counters().handshakes, 14U);
}

TEST_F(ClockTest, ACallEndsAtItsDeadlineWhereverTheClockJumps) {
  const Module module;
  Session session(module);
  const auto key = log_in(session);
  for (const auto jump : {kDay, -kDay}) {
    ASSERT_TRUE(comes_true(20s, [&] { return sign_once(session, key, "well").code == CKR_OK; }));
    lab_.primary_proxy().set({.path = Path::stalled});
    lab_.alternate_proxy().set({.path = Path::stalled});
    std::thread jumper([&] {
      std::this_thread::sleep_for(500ms);
      shift_clock(jump);
    });
    const auto call = sign_once(session, key, jump > 0s ? "forward" : "back");
    jumper.join();
    std::cout << "[ measured ] given up after " << call.took.count() << " ms\n";
    EXPECT_NE(call.code, CKR_OK);
    EXPECT_GT(call.took, kLimits.sign_attempt);
    EXPECT_LT(call.took, kLimits.call + kPrompt + 1s);
    lab_.primary_proxy().heal();
    lab_.alternate_proxy().heal();
  }
}

TEST_F(ClockTest, AMemberThatRestedIsAskedAgainWhereverTheClockJumps) {
  const Module module;
  Session session(module);
  const auto key = log_in(session);
  for (const auto jump : {kDay, -kDay}) {
    lab_.primary_proxy().set({.path = Path::reset});
    EXPECT_EQ(sign_once(session, key, "by the alternate").code, CKR_OK);
    EXPECT_EQ(lab_.journal().back().role, "alternate");
    shift_clock(jump);
    lab_.primary_proxy().heal();
    EXPECT_TRUE(comes_true(20s, [&] {
      return sign_once(session, key, "whoever").code == CKR_OK &&
             lab_.journal().back().role == "primary";
    }));
  }
}

TEST_F(ClockTest, TheListOfObjectsIsReadAnewWhereverTheClockJumps) {
  const Module module;
  Session session(module);
  const auto key = log_in(session);
  Session other(module, "other");
  other.login(lab_.pin());
  for (const auto jump : {kDay, -kDay}) {
    shift_clock(jump);
    const std::string label = jump > 0s ? "forward" : "back";
    other.generate(KeyKind::p256, label, copy_of(view_of(label)));
    EXPECT_TRUE(comes_true(20s, [&] {
      sign_once(session, key, "refreshes beside it");
      return session.find({CKO_PRIVATE_KEY, label, {}}).size() == 1;
    })) << label;
  }
}

TEST_F(ClockTest, AChangedConfigurationIsTakenOverWhereverTheClockJumps) {
  const Module module;
  Session session(module);
  const auto key = log_in(session);
  auto members = lab_.members();
  for (const auto jump : {-kDay, kDay}) {
    shift_clock(jump);
    std::swap(members.at(0), members.at(1));
    lab_.reconfigure(members);
    const auto wanted = jump < 0s ? "alternate" : "primary";
    EXPECT_TRUE(comes_true(20s, [&] {
      return sign_once(session, key, "whoever").code == CKR_OK &&
             lab_.journal().back().role == wanted;
    })) << wanted;
  }
}

TEST_F(ClockTest, ANewLoginAndANewConnectionWorkOnAnotherDay) {
  for (const auto jump : {kDay, -kDay}) {
    shift_clock(jump);
    const Module module;
    Session session(module);
    const auto key = log_in(session);
    EXPECT_EQ(sign_once(session, key, "on another day").code, CKR_OK);
  }
}

}  // namespace
}  // namespace signet::tests
