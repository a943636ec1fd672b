// PINs: right, wrong, and wrong too often.
#include <gtest/gtest.h>

#include "common/testing/scratch_folder.h"
#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/files.h"
#include "tests/support/module.h"

namespace signet::tests {
namespace {

constexpr int kAttemptsBeforeTheLock = 5;

template <std::size_t Size>
std::string text_in(const CK_UTF8CHAR (&field)[Size]) {
  const std::string text(reinterpret_cast<const char*>(field), Size);
  return text.substr(0, text.find_last_not_of(' ') + 1);
}

// By which programs know a token and its slot again.
std::string identity(const LoadedModule& module) {
  const CK_SLOT_ID slot = module.slot_of("seal");
  CK_TOKEN_INFO token{};
  CK_SLOT_INFO info{};
  EXPECT_EQ(module->C_GetTokenInfo(slot, &token), CKR_OK);
  EXPECT_EQ(module->C_GetSlotInfo(slot, &info), CKR_OK);
  for (const auto& part :
       {text_in(token.manufacturerID), text_in(token.model), text_in(token.serialNumber)})
    EXPECT_FALSE(part.empty());
  return text_in(token.manufacturerID) + "/" + text_in(token.model) + "/" +
         text_in(token.serialNumber) + "/" + text_in(info.manufacturerID) + "/" +
         text_in(info.slotDescription);
}

TEST(LoginTest, TheTokenIsTheSameBeforeAndAfterTheFirstLoginAndWithoutAnAppliance) {
  Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  std::string before_login;
  {
    const Module module;
    const auto before = emulator.counters();
    before_login = identity(module);
    EXPECT_EQ(emulator.counters().requests, before.requests);
    Session session(module);
    session.login(emulator.pin());
    CK_ULONG count = 0;
    EXPECT_EQ(module->C_GetMechanismList(module.slot_of("seal"), nullptr, &count), CKR_OK);
    EXPECT_EQ(identity(module), before_login);
  }
  emulator.stop();
  for (const bool with_cache : {true, false}) {
    const ScratchFolder empty;
    if (!with_cache) setenv("XDG_CACHE_HOME", empty.path().c_str(), 1);
    const Module module;
    EXPECT_EQ(identity(module), before_login);
  }
  unsetenv("XDG_CACHE_HOME");
}

TEST(LoginTest, EachWrongPinIsOneRequestAndTheSixthFindsTheAccountLocked) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);

  for (int attempt = 1; attempt <= kAttemptsBeforeTheLock; ++attempt) {
    const auto before = emulator.counters();
    EXPECT_EQ(session.try_login("wrong"), CKR_PIN_INCORRECT) << "attempt " << attempt;
    EXPECT_EQ(emulator.counters().requests, before.requests + 1) << "attempt " << attempt;
  }

  EXPECT_EQ(session.try_login("wrong"), CKR_PIN_LOCKED);
  EXPECT_EQ(session.try_login(emulator.pin()), CKR_PIN_LOCKED);
}

TEST(LoginTest, TheRightPinForgetsEarlierMistakes) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);

  for (int round = 0; round < 2; ++round) {
    for (int attempt = 1; attempt < kAttemptsBeforeTheLock; ++attempt) {
      EXPECT_EQ(session.try_login("wrong"), CKR_PIN_INCORRECT);
    }
    EXPECT_EQ(session.try_login(emulator.pin()), CKR_OK);
    EXPECT_EQ(module->C_Logout(session.handle()), CKR_OK);
  }
}

// A service that starts again and again with an old password must not lock the account.
TEST(LoginTest, AConfiguredPasswordThatTheLoginFoundWrongIsNotSentForASearchToo) {
  const Emulator emulator({"ec:P-256:ec"});
  const ScratchFolder dir;
  write_file(dir / "old.pin", "no longer right");
  write_file(dir / "client.toml",
             "[[token]]\nlabel = \"seal\"\nuser = \"seal\"\ncredential = \"file:" +
                 (dir / "old.pin").string() + "\"\n" +
                 members_text(members_of(emulator.client_config())));
  use_config(dir / "client.toml");
  const Module module;
  Session session(module);
  EXPECT_EQ(module->C_Login(session.handle(), CKU_USER, nullptr, 0), CKR_PIN_INCORRECT);

  const auto before = emulator.counters();
  EXPECT_TRUE(session.find({CKO_CERTIFICATE, {}, {}}).empty());
  EXPECT_EQ(emulator.counters().requests, before.requests);

  write_file(dir / "old.pin", emulator.pin());
  EXPECT_EQ(module->C_Login(session.handle(), CKU_USER, nullptr, 0), CKR_OK);
}

TEST(LoginTest, WithoutALoginThereIsNoPrivateKeyAndNoSignature) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  const Module module;
  Session session(module);

  EXPECT_TRUE(session.find({CKO_PRIVATE_KEY, {}, {}}).empty());
  session.login(emulator.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "ec", {}});
  EXPECT_EQ(module->C_Logout(session.handle()), CKR_OK);
  EXPECT_TRUE(session.find({CKO_PRIVATE_KEY, {}, {}}).empty());
  CK_MECHANISM mechanism = {CKM_ECDSA_SHA256, nullptr, 0};
  EXPECT_NE(module->C_SignInit(session.handle(), &mechanism, key), CKR_OK);
  EXPECT_TRUE(emulator.journal().empty());
}

}  // namespace
}  // namespace signet::tests
