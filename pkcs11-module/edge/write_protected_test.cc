// A token whose service makes and stores nothing for its clients, as remote signing services do.
#include <gtest/gtest.h>

#include "pkcs11-module/edge/testing/client.h"
#include "pkcs11-module/edge/testing/module_setup.h"
#include "pkcs11-module/edge/testing/template.h"

namespace signet::edge::testing {
namespace {

class WriteProtected : public ::testing::Test {
 protected:
  WriteProtected() {
    ModuleSetup::furnish_with([this](transport::FakeAppliance& appliance) {
      appliance.add_ec_key(transport::Curve::p256, copy_of(view_of("ec")), Bytes(1, 2));
      transport::ApplianceInfo info = appliance.minimum();
      info.stores_objects = false;
      info.changes_passwords = changes_passwords_;
      info.needs_password = needs_password_;
      appliance.set_info(info);
    });
  }
  ~WriteProtected() override { ModuleSetup::furnish_with({}); }

  static CK_FLAGS flags() {
    CK_TOKEN_INFO token{};
    EXPECT_EQ(C_GetTokenInfo(0, &token), CKR_OK);
    return token.flags;
  }

  bool changes_passwords_ = false;
  bool needs_password_ = true;
};

TEST_F(WriteProtected, SaysSoAndMakesNoKeys) {
  const ModuleSetup setup;
  EXPECT_NE(flags() & CKF_WRITE_PROTECTED, 0U);
  const CK_SESSION_HANDLE session = setup.open();  // OpenSSH opens no others
  setup.login(session);
  CK_MECHANISM_INFO info{};
  EXPECT_EQ(C_GetMechanismInfo(0, CKM_EC_KEY_PAIR_GEN, &info), CKR_MECHANISM_INVALID);
  CK_MECHANISM mechanism{CKM_EC_KEY_PAIR_GEN, nullptr, 0};
  CK_OBJECT_HANDLE public_key = 0;
  CK_OBJECT_HANDLE private_key = 0;
  EXPECT_EQ(
      C_GenerateKeyPair(session, &mechanism, nullptr, 0, nullptr, 0, &public_key, &private_key),
      CKR_MECHANISM_INVALID);
}

TEST_F(WriteProtected, ChangesNoObject) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  const CK_OBJECT_HANDLE key = ModuleSetup::find(session, CKO_PRIVATE_KEY, "ec");
  EXPECT_EQ(C_DestroyObject(session, key), CKR_TOKEN_WRITE_PROTECTED);
  std::string label = "other";
  CK_ATTRIBUTE change{CKA_LABEL, label.data(), label.size()};
  EXPECT_EQ(C_SetAttributeValue(session, key, &change, 1), CKR_TOKEN_WRITE_PROTECTED);
  EXPECT_EQ(ModuleSetup::signature_by_ec_key(session, Bytes(32, 1)).size(), 64U);
}

// What the attributes say is what happens.
TEST_F(WriteProtected, SaysOfItsObjectsThatTheyAreFixed) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  for (const CK_OBJECT_CLASS kind : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    const CK_OBJECT_HANDLE key = ModuleSetup::find(session, kind, "ec");
    EXPECT_EQ(attribute(session, key, CKA_MODIFIABLE), Bytes{CK_FALSE});
    EXPECT_EQ(attribute(session, key, CKA_DESTROYABLE), Bytes{CK_FALSE});
    EXPECT_EQ(attribute(session, key, CKA_COPYABLE),
              Bytes(1, static_cast<std::uint8_t>(kind == CKO_PUBLIC_KEY)));
    EXPECT_EQ(C_DestroyObject(session, key), CKR_TOKEN_WRITE_PROTECTED);
    std::string label = "ec";
    CK_ATTRIBUTE same{CKA_LABEL, label.data(), label.size()};
    EXPECT_EQ(C_SetAttributeValue(session, key, &same, 1), CKR_OK) << "nothing changes";
  }
  // A copy is this process's own.
  CK_OBJECT_HANDLE copy = 0;
  ASSERT_EQ(
      C_CopyObject(session, ModuleSetup::find(session, CKO_PUBLIC_KEY, "ec"), nullptr, 0, &copy),
      CKR_OK);
  EXPECT_EQ(attribute(session, copy, CKA_DESTROYABLE), Bytes{CK_TRUE});
  EXPECT_EQ(attribute(session, copy, CKA_MODIFIABLE), Bytes{CK_TRUE});
  EXPECT_EQ(C_DestroyObject(session, copy), CKR_OK);
}

TEST_F(WriteProtected, IsNotFlaggedWhereThePinCanBeChanged) {
  changes_passwords_ = true;
  const ModuleSetup setup;
  EXPECT_EQ(flags() & CKF_WRITE_PROTECTED, 0U);
}

TEST_F(WriteProtected, NeedsNoPinWhereTheServiceNeedsNone) {
  needs_password_ = false;
  ModuleSetup setup;
  setup.appliance().set_account({.user = "seal", .password = ""});
  EXPECT_NE(flags() & CKF_PROTECTED_AUTHENTICATION_PATH, 0U);
  const CK_SESSION_HANDLE session = setup.open();
  EXPECT_EQ(C_Login(session, CKU_USER, nullptr, 0), CKR_OK);
}

}  // namespace
}  // namespace signet::edge::testing
