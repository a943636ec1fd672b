// The security officer is the account's administrator. And which sessions a login finds at its end.

#include <gtest/gtest.h>

#include <functional>
#include <thread>

#include "pkcs11-module/edge/testing/asynchronous.h"
#include "pkcs11-module/edge/testing/module_setup.h"

namespace signet::edge::testing {
namespace {

CK_RV login_officer(const ModuleSetup& setup, const std::string& password) {
  Bytes pin = copy_of(view_of(password));
  return C_Login(setup.open(), CKU_SO, pin.data(), pin.size());
}

TEST(Officer, IsTheConfiguredAdministratorAndMaySetTheUsersPin) {
  const ModuleSetup setup("administrator = \"officer\"");
  ASSERT_EQ(login_officer(setup, "officer-secret"), CKR_OK);
  Bytes pin = copy_of(view_of("a new one"));
  const CK_SESSION_HANDLE session = setup.open();
  EXPECT_EQ(C_InitPIN(session, pin.data(), pin.size()), CKR_OK);
  ASSERT_EQ(C_Logout(session), CKR_OK);
  EXPECT_EQ(C_Login(session, CKU_USER, pin.data(), pin.size()), CKR_OK) << "it is the user's PIN";
}

TEST(Officer, IsTheUserWhereNoAdministratorIsConfigured) {
  const ModuleSetup setup;
  EXPECT_EQ(login_officer(setup, "officer-secret"), CKR_PIN_INCORRECT);
  EXPECT_EQ(login_officer(setup, kPin), CKR_USER_TYPE_INVALID) << "who is no administrator";
}

TEST(Officer, CanBeNamedByTheCaller) {
  const ModuleSetup setup("administrator = \"seal\"");
  setup.login_officer(setup.open());
}

TEST(Officer, IsNotLoggedInBesideAReadOnlySessionThatWasOpenedMeanwhile) {
  using Call = transport::FakeAppliance::Call;
  ModuleSetup setup("administrator = \"officer\"");
  const CK_SESSION_HANDLE session = setup.open(CKF_RW_SESSION | CKF_ASYNC_SESSION);
  Bytes pin = copy_of(view_of("officer-secret"));
  CK_ASYNC_DATA data{};
  setup.appliance().hold(Call::account);
  ASSERT_EQ(C_Login(session, CKU_SO, pin.data(), pin.size()), CKR_PENDING);
  const CK_SESSION_HANDLE read_only = setup.open(0);
  setup.appliance().let_go(Call::account);
  EXPECT_EQ(await(session, "C_Login", &data), CKR_SESSION_READ_ONLY_EXISTS);
  CK_SESSION_INFO info{};
  ASSERT_EQ(C_GetSessionInfo(session, &info), CKR_OK);
  EXPECT_EQ(info.state, CKS_RW_PUBLIC_SESSION);
  ASSERT_EQ(C_CloseSession(read_only), CKR_OK);
  EXPECT_EQ(C_Login(session, CKU_SO, pin.data(), pin.size()), CKR_OK) << "nothing is held any more";
}

TEST(Login, OfASessionThatIsClosedMeanwhileIsNone) {
  using Call = transport::FakeAppliance::Call;
  ModuleSetup setup;
  Bytes pin = copy_of(view_of(kPin));
  const auto end_by = [&](const std::function<CK_RV(CK_SESSION_HANDLE)>& close) {
    const CK_SESSION_HANDLE session = setup.open();
    setup.appliance().on_call([&](Call call) {
      if (call == Call::account) std::thread([&] { EXPECT_EQ(close(session), CKR_OK); }).join();
    });
    EXPECT_EQ(C_Login(session, CKU_USER, pin.data(), pin.size()), CKR_SESSION_CLOSED);
    setup.appliance().on_call(nullptr);
    CK_SESSION_INFO info{};
    const CK_SESSION_HANDLE next = setup.open();
    ASSERT_EQ(C_GetSessionInfo(next, &info), CKR_OK);
    EXPECT_EQ(info.state, CKS_RW_PUBLIC_SESSION);
    ASSERT_EQ(C_CloseSession(next), CKR_OK);
  };
  end_by([](CK_SESSION_HANDLE session) { return C_CloseSession(session); });
  end_by([](CK_SESSION_HANDLE) { return C_CloseAllSessions(kSlot); });
}

}  // namespace
}  // namespace signet::edge::testing
