// Objects that a program keeps in a session.

#include <gtest/gtest.h>

#include "pkcs11-module/edge/testing/module_setup.h"
#include "pkcs11-module/edge/testing/template.h"

namespace signet::edge::testing {
namespace {

// PKCS#11 3.0, 5.7.1 and 5.6.9.
TEST(SessionObjects, PrivateOnesNeedTheLoginAndGoWithTheLogout) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  Template data;
  data.number(CKA_CLASS, CKO_DATA);
  Template made_private;
  made_private.flag(CKA_PRIVATE, true);
  Template private_data;
  private_data.number(CKA_CLASS, CKO_DATA).flag(CKA_PRIVATE, true);
  CK_OBJECT_HANDLE original = 0;
  CK_OBJECT_HANDLE made = 0;
  ASSERT_EQ(C_CreateObject(session, data.data(), data.size(), &original), CKR_OK);
  ASSERT_EQ(C_CreateObject(session, private_data.data(), private_data.size(), &made), CKR_OK);
  ASSERT_EQ(C_CopyObject(session, original, made_private.data(), made_private.size(), &made),
            CKR_OK);
  EXPECT_EQ(ModuleSetup::find_all(session, data.attributes()).size(), 3U);

  ASSERT_EQ(C_Logout(session), CKR_OK);
  EXPECT_EQ(C_CreateObject(session, private_data.data(), private_data.size(), &made),
            CKR_USER_NOT_LOGGED_IN);
  EXPECT_EQ(C_CopyObject(session, original, made_private.data(), made_private.size(), &made),
            CKR_USER_NOT_LOGGED_IN);
  setup.login(session);
  EXPECT_EQ(ModuleSetup::find_all(session, data.attributes()).size(), 1U);
}

}  // namespace
}  // namespace signet::edge::testing
