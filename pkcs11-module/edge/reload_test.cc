// The configuration file changes while the module is initialised: what counts at once and what does not.

#include <gtest/gtest.h>

#include <cstdlib>
#include <fstream>
#include <functional>
#include <sstream>
#include <thread>

#include "common/log.h"
#include "pkcs11-module/edge/testing/module_setup.h"

namespace signet::edge::testing {
namespace {

constexpr Milliseconds kPatience{30'000};

class ReloadTest : public ::testing::Test {
 protected:
  // Replaces `from`, which stands in the file, by `to`.
  static void change_file(const std::string& from, const std::string& to) {
    const char* const file = std::getenv("SIGNET_CONFIG");
    std::ostringstream content;
    content << std::ifstream(file).rdbuf();
    std::string text = content.str();
    ASSERT_NE(text.find(from), std::string::npos);
    text.replace(text.find(from), from.size(), to);
    std::ofstream(file) << text;
  }

  // Calls the module now and then, for it looks at the file in the course of calls only.
  static bool comes_true(const std::function<bool()>& condition) {
    const Deadline deadline = Deadline::after(kPatience);
    CK_INFO info{};
    while (!deadline.passed()) {
      if (C_GetInfo(&info) == CKR_OK && condition()) return true;
      std::this_thread::sleep_for(Milliseconds(50));
    }
    return false;
  }

  CK_RV login(CK_USER_TYPE type, const std::string& password) const {
    Bytes pin = copy_of(view_of(password));
    return C_Login(session_, type, pin.data(), pin.size());
  }

  ModuleSetup setup_{"administrator = \"nobody\""};
  CK_SESSION_HANDLE session_ = setup_.open();
};

TEST_F(ReloadTest, AnotherAdministratorAndLogLevelCountAtOnceAndAnotherUserDoesNot) {
  ASSERT_EQ(login(CKU_SO, "officer-secret"), CKR_PIN_INCORRECT);
  EXPECT_FALSE(log::enabled(log::Level::info));
  change_file("administrator = \"nobody\"", "administrator = \"officer\"");
  change_file("[[token]]", "[log]\nlevel = \"info\"\n[[token]]");
  EXPECT_TRUE(comes_true([] { return log::enabled(log::Level::info); }));
  EXPECT_EQ(login(CKU_SO, "officer-secret"), CKR_OK);
  ASSERT_EQ(C_Logout(session_), CKR_OK);

  change_file("user = \"seal\"", "user = \"officer\"");
  change_file("level = \"info\"", "level = \"warn\"");
  EXPECT_TRUE(comes_true([] { return !log::enabled(log::Level::info); }));
  EXPECT_EQ(login(CKU_USER, kPin), CKR_OK) << "still the account that it was";
}

TEST_F(ReloadTest, WhatTheFormerMembersSayOfThemselvesIsNotTakenForTheNewOnes) {
  using Asked = transport::FakeAppliance::Call;
  ASSERT_EQ(login(CKU_USER, kPin), CKR_OK);
  setup_.appliance().on_call([&](Asked call) {
    if (call != Asked::info || setup_.appliance().calls(Asked::info) != 1) return;
    change_file("https://127.0.0.1:1/", "https://127.0.0.1:2/");
    change_file("[[token]]", "[log]\nlevel = \"info\"\n[[token]]");
    EXPECT_TRUE(comes_true([] { return log::enabled(log::Level::info); }));
  });
  CK_ULONG count = 0;
  CK_TOKEN_INFO info{};
  ASSERT_EQ(C_GetMechanismList(kSlot, nullptr, &count), CKR_OK);
  ASSERT_EQ(C_GetTokenInfo(kSlot, &info), CKR_OK);
  EXPECT_EQ(info.firmwareVersion.major, 0);
  ASSERT_EQ(C_GetMechanismList(kSlot, nullptr, &count), CKR_OK);
  ASSERT_EQ(C_GetTokenInfo(kSlot, &info), CKR_OK);
  EXPECT_NE(info.firmwareVersion.major, 0);
  EXPECT_EQ(setup_.appliance().calls(Asked::info), 2U);
}

TEST_F(ReloadTest, ATokenThatIsGoneOrNewWaitsForTheRestart) {
  change_file("label = \"seal\"", "label = \"other\"");
  change_file("[[token]]", "[log]\nlevel = \"info\"\n[[token]]");
  EXPECT_TRUE(comes_true([] { return log::enabled(log::Level::info); }));
  CK_ULONG count = 0;
  EXPECT_EQ(C_GetSlotList(CK_TRUE, nullptr, &count), CKR_OK);
  EXPECT_EQ(count, 1U);
  EXPECT_EQ(login(CKU_USER, kPin), CKR_OK);
  setup_.restart();
  CK_TOKEN_INFO info{};
  ASSERT_EQ(C_GetTokenInfo(kSlot, &info), CKR_OK);
  EXPECT_EQ(std::string(reinterpret_cast<const char*>(info.label), 5), "other");
}

TEST_F(ReloadTest, ABrokenFileLeavesEverythingAsItIs) {
  change_file("user = \"seal\"", "user = ");
  std::this_thread::sleep_for(Milliseconds(4000));
  EXPECT_EQ(login(CKU_USER, kPin), CKR_OK);
}

}  // namespace
}  // namespace signet::edge::testing
