// The security officer is the account's administrator.

#include <gtest/gtest.h>

#include "pkcs11-module/edge/testing/scene.h"

namespace signet::edge::testing {
namespace {

CK_RV login_officer(const Scene& scene, const std::string& password) {
  Bytes pin = copy_of(view_of(password));
  return C_Login(scene.open(), CKU_SO, pin.data(), pin.size());
}

TEST(Officer, IsTheConfiguredAdministratorAndMaySetTheUsersPin) {
  const Scene scene("administrator = \"officer\"");
  ASSERT_EQ(login_officer(scene, "officer-secret"), CKR_OK);
  Bytes pin = copy_of(view_of("a new one"));
  const CK_SESSION_HANDLE session = scene.open();
  EXPECT_EQ(C_InitPIN(session, pin.data(), pin.size()), CKR_OK);
  ASSERT_EQ(C_Logout(session), CKR_OK);
  EXPECT_EQ(C_Login(session, CKU_USER, pin.data(), pin.size()), CKR_OK) << "it is the user's PIN";
}

TEST(Officer, IsTheUserWhereNoAdministratorIsConfigured) {
  const Scene scene;
  EXPECT_EQ(login_officer(scene, "officer-secret"), CKR_PIN_INCORRECT);
  EXPECT_EQ(login_officer(scene, kPin), CKR_USER_TYPE_INVALID) << "who is no administrator";
}

TEST(Officer, CanBeNamedByTheCaller) {
  const Scene scene("administrator = \"seal\"");
  scene.login_officer(scene.open());
}

}  // namespace
}  // namespace signet::edge::testing
