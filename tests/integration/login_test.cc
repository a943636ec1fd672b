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

std::string serial_number(const LoadedModule& module) {
  CK_TOKEN_INFO info{};
  EXPECT_EQ(module->C_GetTokenInfo(module.slot_of("seal"), &info), CKR_OK);
  std::string serial(reinterpret_cast<const char*>(info.serialNumber), sizeof info.serialNumber);
  serial.erase(serial.find_last_not_of(' ') + 1);
  return serial;
}

TEST(LoginTest, AfterALoginTheTokenHasItsSerialNumberAndKeepsItForTheNextProcess) {
  const Emulator emulator({"ec:P-256:ec"});
  use_config(emulator.client_config());
  std::string after_login;
  {
    const Module module;
    Session session(module);
    session.login(emulator.pin());
    after_login = serial_number(module);
    EXPECT_FALSE(after_login.empty());
  }
  const Module module;
  const auto before = emulator.counters();
  EXPECT_EQ(serial_number(module), after_login);
  EXPECT_EQ(emulator.counters().requests, before.requests);
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
