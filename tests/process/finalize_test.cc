// C_Finalize while other threads are inside calls.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <future>
#include <thread>

#include "tests/process/public_key.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

using namespace std::chrono_literals;

constexpr int kSigners = 8;
constexpr int kRounds = 5;

const Bytes kMessage = copy_of(view_of("until the end"));

TEST(FinalizeTest, ReleasesThreadsThatWaitForSlotEvents) {
  const Emulator emulator;
  use_config(emulator.client_config());
  const LoadedModule module;
  ASSERT_EQ(module.initialize(), CKR_OK);
  const auto wait = [&] {
    CK_SLOT_ID slot = 0;
    return module->C_WaitForSlotEvent(0, &slot, nullptr);
  };
  auto first = std::async(std::launch::async, wait);
  auto second = std::async(std::launch::async, wait);
  EXPECT_EQ(first.wait_for(200ms), std::future_status::timeout);

  EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
  EXPECT_EQ(first.get(), CKR_CRYPTOKI_NOT_INITIALIZED);
  EXPECT_EQ(second.get(), CKR_CRYPTOKI_NOT_INITIALIZED);
}

// Signs until it is told that there is nothing to sign with any more; the answer that told it.
CK_RV sign_to_the_end(const LoadedModule& module, CK_SESSION_HANDLE session, CK_OBJECT_HANDLE key,
                      const PublicKey& public_key, std::atomic<int>& good,
                      std::atomic<int>& wrong) {
  Bytes message = kMessage;
  for (;;) {
    CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
    const CK_RV begun = module->C_SignInit(session, &mechanism, key);
    if (begun != CKR_OK) return begun;
    Bytes signature(64);
    CK_ULONG size = signature.size();
    const CK_RV done =
        module->C_Sign(session, message.data(), message.size(), signature.data(), &size);
    if (done != CKR_OK) return done;
    ++(public_key.verifies(kMessage, signature) ? good : wrong);
  }
}

void finalize_among_signers(const Emulator& emulator) {
  const LoadedModule module;
  ASSERT_EQ(module.initialize(), CKR_OK);
  std::vector<std::unique_ptr<Session>> sessions;
  for (int i = 0; i < kSigners; ++i) sessions.push_back(std::make_unique<Session>(module));
  Session& first = *sessions.front();
  first.login(emulator.pin());
  const auto key = first.find_one({CKO_PRIVATE_KEY, "p256", {}});
  const PublicKey public_key(first.attribute(key, CKA_PUBLIC_KEY_INFO));

  std::atomic<int> good = 0;
  std::atomic<int> wrong = 0;
  std::vector<std::future<CK_RV>> ends;
  for (const auto& session : sessions) {
    ends.push_back(std::async(std::launch::async, [&] {
      return sign_to_the_end(module, session->handle(), key, public_key, good, wrong);
    }));
  }
  while (good < kSigners) std::this_thread::yield();
  EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
  for (auto& end : ends) EXPECT_EQ(end.get(), CKR_CRYPTOKI_NOT_INITIALIZED);
  EXPECT_EQ(wrong, 0);
  EXPECT_EQ(module->C_Finalize(nullptr), CKR_CRYPTOKI_NOT_INITIALIZED);
}

TEST(FinalizeTest, SignaturesUnderWayEndWellAndNoFurtherOnesBegin) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  for (int round = 0; round < kRounds; ++round) finalize_among_signers(emulator);
}

TEST(FinalizeTest, EndsSessionsAndOperationsThatAreOpen) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  const LoadedModule module;
  ASSERT_EQ(module.initialize(), CKR_OK);
  Session session(module);
  session.login(emulator.pin());
  CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
  CK_MECHANISM digest = {CKM_SHA256, nullptr, 0};
  const auto key = session.find_one({CKO_PRIVATE_KEY, "p256", {}});
  Bytes message = kMessage;
  ASSERT_EQ(module->C_SignInit(session.handle(), &mechanism, key), CKR_OK);
  ASSERT_EQ(module->C_SignUpdate(session.handle(), message.data(), message.size()), CKR_OK);
  ASSERT_EQ(module->C_DigestInit(session.handle(), &digest), CKR_OK);
  ASSERT_EQ(module->C_FindObjectsInit(session.handle(), nullptr, 0), CKR_OK);

  EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
  ASSERT_EQ(module.initialize(), CKR_OK);
  CK_SESSION_INFO info{};
  EXPECT_EQ(module->C_GetSessionInfo(session.handle(), &info), CKR_SESSION_HANDLE_INVALID);
  EXPECT_TRUE(Session(module).find({CKO_PRIVATE_KEY, {}, {}}).empty());
  EXPECT_EQ(module->C_Finalize(nullptr), CKR_OK);
}

}  // namespace
}  // namespace signet::tests
