// The time of day jumps by a day, forward and back, while the module works. It is this program's own
// (shifted_clock.h); appliances and the machine keep theirs.
#include <gtest/gtest.h>

#include <array>
#include <ctime>
#include <filesystem>
#include <future>
#include <iostream>
#include <string_view>
#include <thread>

#include "common/testing/scratch_folder.h"
#include "tests/clock/shifted_clock.h"
#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"
#include "tests/support/files.h"

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

  // What `call` gives, while the clock jumps in the middle of it.
  template <typename Call>
  static SignedCall jumping(std::chrono::seconds jump, const Call& call) {
    std::thread jumper([&] {
      std::this_thread::sleep_for(500ms);
      shift_clock(jump);
    });
    const SignedCall outcome = call();
    jumper.join();
    std::cout << "[ measured ] given up after " << outcome.took.count() << " ms\n";
    return outcome;
  }

  std::size_t times_that_a_member_rested() const {
    constexpr std::string_view kLine = "not asked again until it has recovered";
    const std::string log = lab_.log();
    std::size_t times = 0;
    for (auto at = log.find(kLine); at != std::string::npos; at = log.find(kLine, at + 1)) ++times;
    return times;
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

// Before a mechanism is refused the appliance is asked what it offers, where that is not known or was long ago.
TEST_F(ClockTest, WhatTheApplianceOffersIsKeptOnDiskForAnHourAndNotForOneInTheFuture) {
  const auto requests_of_a_refusal = [&] {
    const Module module;
    Session session(module);
    const auto key = log_in(session);
    const auto before = lab_.counters().requests;
    CK_MECHANISM unusual = {CKM_RSA_X_509, nullptr, 0};
    EXPECT_NE(module->C_SignInit(session.handle(), &unusual, key), CKR_OK);
    return lab_.counters().requests - before;
  };
  EXPECT_EQ(requests_of_a_refusal(), 1U);
  EXPECT_EQ(requests_of_a_refusal(), 0U);
  shift_clock(30min);
  EXPECT_EQ(requests_of_a_refusal(), 0U);
  shift_clock(90min);
  EXPECT_EQ(requests_of_a_refusal(), 1U);
  shift_clock(0s);
  EXPECT_EQ(requests_of_a_refusal(), 1U);
}

TEST_F(ClockTest, JumpsByADayWhileEightThreadsSignAreNotNoticed) {
  const Module module;
  SigningThreads signers(module, lab_.pin(), 8, Milliseconds(5));
  ASSERT_TRUE(comes_true(10s, [&] { return signers.successes() > 20; }));
  for (int i = 0; i < 30; ++i) {
    shift_clock((i % 3 - 1) * kDay);
    std::this_thread::sleep_for(100ms);
  }
  const auto calls = signers.stop();
  EXPECT_EQ(by_code(calls), (std::map<CK_RV, int>{{CKR_OK, static_cast<int>(calls.size())}}));
  EXPECT_LT(slowest(calls), kPrompt + 1s);
  expect_reconciled(calls, lab_.journal(), signer_certificate(module, lab_.pin()));
  std::cout << "[ measured ] " << calls.size() << " signatures, the slowest took "
            << slowest(calls).count() << " ms\n";
  // Eight kept-open connections, one for the login, those that read the counters; none for a jump.
  EXPECT_LE(lab_.counters().handshakes, 14U);
}

// A forward jump must not end a call before both members had their time.
TEST_F(ClockTest, ACallThatHangsTriesBothMembersWhereverTheClockJumps) {
  const Module module;
  Session session(module);
  const auto key = log_in(session);
  ASSERT_EQ(sign_once(session, key, "well").code, CKR_OK);
  lab_.primary_proxy().set({.path = Path::stalled});
  lab_.alternate_proxy().set({.path = Path::stalled});
  const auto call = jumping(kDay, [&] { return sign_once(session, key, "forward"); });
  EXPECT_NE(call.code, CKR_OK);
  EXPECT_GT(call.took, 2 * kLimits.sign_attempt);
  EXPECT_LT(call.took, kLimits.call + kPrompt + 1s);
}

// Busy members are asked again until the deadline: nothing but that ends the call.
TEST_F(ClockTest, ACallEndsAtItsDeadlineWhereverTheClockJumps) {
  constexpr auto busy =
      R"({"kind": "status", "status": 503, "retryAfter": 1, "times": 0, "match": {"method": "POST"}})";
  const Module module;
  Session session(module);
  const auto key = log_in(session);
  for (const auto jump : {kDay, -kDay}) {
    lab_.primary().queue_faults(busy);
    lab_.alternate().queue_faults(busy);
    // Where the deadline went with the clock, the call would go on for a day.
    std::promise<void> over;
    std::thread rescue([&] {
      if (over.get_future().wait_for(kLimits.call + 4s) == std::future_status::ready) return;
      lab_.primary().clear_faults();
      lab_.alternate().clear_faults();
    });
    const auto call =
        jumping(jump, [&] { return sign_once(session, key, jump > 0s ? "forward" : "back"); });
    over.set_value();
    rescue.join();
    lab_.primary().clear_faults();
    lab_.alternate().clear_faults();
    EXPECT_EQ(call.code, CKR_DEVICE_ERROR);
    // It ends where the next wait would be longer than the time that is left.
    EXPECT_GT(call.took, kLimits.call - 2s);
    EXPECT_LT(call.took, kLimits.call + kPrompt + 1s);
  }
}

TEST_F(ClockTest, AMemberThatRestedIsAskedAgainWhereverTheClockJumps) {
  const Module module;
  Session session(module);
  const auto key = log_in(session);
  for (const auto jump : {kDay, -kDay}) {
    const auto rests = times_that_a_member_rested();
    lab_.primary_proxy().set({.path = Path::reset});
    ASSERT_TRUE(comes_true(20s, [&] {
      EXPECT_EQ(sign_once(session, key, "by the alternate").code, CKR_OK);
      return times_that_a_member_rested() > rests;
    }));
    EXPECT_EQ(lab_.journal().back().role, "alternate");
    shift_clock(jump);
    lab_.primary_proxy().heal();
    EXPECT_TRUE(comes_true(20s, [&] {
      return sign_once(session, key, "whoever").code == CKR_OK &&
             lab_.journal().back().role == "primary";
    }));
  }
}

TEST_F(ClockTest, TheListOfObjectsIsReadAgainWhereverTheClockJumps) {
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

TEST_F(ClockTest, TheFiguresAreWrittenWhereverTheClockJumps) {
  const ScratchFolder dir;
  const auto file = dir / "client.toml";
  write_file(file, "[metrics]\ndir = \"" + (dir / "figures").string() + "\"\ninterval = \"1s\"\n" +
                       "[[token]]\nlabel = \"seal\"\nuser = \"seal\"\n" +
                       members_text(lab_.members()));
  use_config(file);
  const Module module;
  Session session(module);
  ASSERT_TRUE(std::filesystem::exists(dir / "figures"));
  for (const auto jump : {kDay, -kDay}) {
    shift_clock(jump);
    for (const auto& entry : std::filesystem::directory_iterator(dir / "figures"))
      std::filesystem::remove(entry);
    EXPECT_TRUE(comes_true(20s, [&] {
      CK_SESSION_INFO info{};
      EXPECT_EQ(module->C_GetSessionInfo(session.handle(), &info), CKR_OK);
      return !std::filesystem::is_empty(dir / "figures");
    }));
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
