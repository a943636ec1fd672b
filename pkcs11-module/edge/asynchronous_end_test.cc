// How pending calls end other than by their answer, and what several threads and processes see of them.

#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <atomic>

#include "common/log.h"
#include "pkcs11-module/edge/testing/asynchronous.h"

namespace signet::edge::testing {
namespace {

using namespace std::chrono_literals;
using AsynchronousSessionEnds = AsynchronousSession;

TEST_F(AsynchronousSessionEnds, SessionCancelEndsWhatItsFlagsName) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  CK_ASYNC_DATA data{};
  EXPECT_EQ(C_SessionCancel(session_, CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_GENERATE_KEY_PAIR),
            CKR_OK);
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_PENDING);
  EXPECT_EQ(C_SessionCancel(session_, CKF_SIGN), CKR_OK);
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_OPERATION_NOT_INITIALIZED);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  EXPECT_EQ(C_SignInit(session_, nullptr, 0), CKR_OK) << "a NULL mechanism cancels, too";
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_OPERATION_NOT_INITIALIZED);
  EXPECT_EQ(C_SignInit(session_, nullptr, 0), CKR_ARGUMENTS_BAD);
}

TEST_F(AsynchronousSessionEnds, TheKeyOfACancelledGenerationIsFoundWhereItWasMadeAllTheSame) {
  ModuleSetup::make_spare_key(usual_);
  auto& appliance = setup_.appliance();
  appliance.hold(Call::generate_key);
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  Bytes p256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
  CK_ATTRIBUTE curve{CKA_EC_PARAMS, p256.data(), p256.size()};
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
  ASSERT_EQ(
      C_GenerateKeyPair(session_, &mechanism, &curve, 1, nullptr, 0, &public_key, &private_key),
      CKR_PENDING);
  ASSERT_EQ(C_SessionCancel(session_, CKF_GENERATE_KEY_PAIR), CKR_OK);
  appliance.add_ec_key(transport::Curve::p256, copy_of(view_of("late")), {0x77});
  Bytes signature = signature_;
  begin(usual_);
  ASSERT_EQ(sign(usual_), CKR_OK) << "the next call reads the objects again";
  EXPECT_NE(ModuleSetup::find(usual_, CKO_PRIVATE_KEY, "late"), 0U);
}

TEST_F(AsynchronousSessionEnds, ClosingASessionEndsItsCalls) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  ASSERT_EQ(C_CloseSession(session_), CKR_OK);
  CK_ASYNC_DATA data{};
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_SESSION_HANDLE_INVALID);
  const CK_SESSION_HANDLE other = setup_.open(CKF_RW_SESSION | CKF_ASYNC_SESSION);
  begin(other);
  ASSERT_EQ(sign(other), CKR_PENDING);
  ASSERT_EQ(C_CloseAllSessions(kSlot), CKR_OK);
  setup_.appliance().let_go(Call::sign);
}

TEST_F(AsynchronousSessionEnds, FinalizeEndsWhatIsPending) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  setup_.restart();
  CK_ASYNC_DATA data{};
  EXPECT_EQ(complete(session_, "C_Sign", &data), CKR_SESSION_HANDLE_INVALID);
}

TEST_F(AsynchronousSessionEnds, AnOutcomeIsItsStartersOrAPollersAndNeverBoths) {
  constexpr unsigned kRounds = 10'000;
  log::set_level(log::Level::error);  // until the next C_Initialize: each is a line at warn
  setup_.appliance().fail_next(Call::sign, transport::Failure::not_permitted, kRounds);
  std::atomic<bool> over{false};
  std::atomic<unsigned> fetched{0};
  std::thread poller([&] {
    CK_ASYNC_DATA data{};
    while (!over) {
      const CK_RV rv = complete(session_, "C_Sign", &data);
      if (rv != CKR_PENDING && rv != CKR_OPERATION_NOT_INITIALIZED) ++fetched;
    }
  });
  unsigned pending = 0;
  const auto latest = std::chrono::steady_clock::now() + 60s;
  for (unsigned round = 0; round < kRounds && std::chrono::steady_clock::now() < latest; ++round) {
    begin(session_);
    if (sign(session_) == CKR_PENDING) ++pending;
    while (fetched < pending && std::chrono::steady_clock::now() < latest)
      std::this_thread::yield();
  }
  over = true;
  poller.join();
  EXPECT_EQ(fetched, pending);
}

TEST_F(AsynchronousSessionEnds, AForkLeavesEverythingToTheParent) {
  setup_.appliance().hold(Call::sign);
  begin(session_);
  ASSERT_EQ(sign(session_), CKR_PENDING);
  const pid_t child = fork();
  ASSERT_GE(child, 0);
  if (child == 0) {
    CK_ASYNC_DATA data{};
    int wrong = 0;
    if (complete(session_, "C_Sign", &data) != CKR_CRYPTOKI_NOT_INITIALIZED) ++wrong;
    if (C_Initialize(nullptr) != CKR_OK) ++wrong;
    if (complete(session_, "C_Sign", &data) != CKR_SESSION_HANDLE_INVALID) ++wrong;
    _exit(wrong);
  }
  int status = 0;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(WEXITSTATUS(status), 0);
  setup_.appliance().let_go(Call::sign);
  CK_ASYNC_DATA data{};
  ASSERT_EQ(await(session_, "C_Sign", &data), CKR_OK);
  expect_good(data);
}

TEST_F(AsynchronousSessionEnds, APollerMayBeAnotherThread) {
  constexpr int kRounds = 20;
  for (int round = 0; round < kRounds; ++round) {
    begin(session_);
    ASSERT_EQ(sign(session_), CKR_PENDING);
    CK_ASYNC_DATA data{};
    CK_RV rv = CKR_PENDING;
    std::thread poller([&] { rv = await(session_, "C_Sign", &data); });
    CK_SESSION_INFO info{};
    for (int call = 0; call < 20; ++call) (void)C_GetSessionInfo(session_, &info);
    poller.join();
    ASSERT_EQ(rv, CKR_OK);
    expect_good(data);
  }
}

TEST_F(AsynchronousSessionEnds, TwoPollersGetOneSignature) {
  for (int round = 0; round < 20; ++round) {
    begin(session_);
    ASSERT_EQ(sign(session_), CKR_PENDING);
    std::array<CK_RV, 2> answers{};
    std::array<std::thread, 2> pollers;
    for (std::size_t i = 0; i < 2; ++i) {
      pollers[i] = std::thread([&, i] {
        CK_ASYNC_DATA data{};
        answers[i] = await(session_, "C_Sign", &data);
      });
    }
    for (auto& poller : pollers) poller.join();
    std::sort(answers.begin(), answers.end());
    EXPECT_EQ(answers[0], CKR_OK);
    EXPECT_EQ(answers[1], CKR_OPERATION_NOT_INITIALIZED);
  }
}

}  // namespace
}  // namespace signet::edge::testing
