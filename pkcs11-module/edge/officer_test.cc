// The security officer is the account's administrator.

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace signet::edge::testing
