// Sessions, logins and handles as real programs count on them. Which program does what was seen in traces of its
// calls; docs/clients/ has a page for each.

#include <gtest/gtest.h>

#include <vector>

#include "pkcs11-module/edge/testing/client.h"

namespace signet::edge::testing {
namespace {

std::size_t private_keys_seen(CK_SESSION_HANDLE session) {
  CK_OBJECT_CLASS private_key = CKO_PRIVATE_KEY;
  return ModuleSetup::find_all(session, {{CKA_CLASS, &private_key, sizeof private_key}}).size();
}

// SunPKCS11, crypto11 and cryptoki log in with one session and sign with others, some opened before, some after.
TEST(ClientNeedsOfSessions, OneLoginIsThatOfAllSessions) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE before = setup.open(0);
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  const CK_SESSION_HANDLE after = setup.open();
  EXPECT_EQ(state_of(before), CKS_RO_USER_FUNCTIONS);
  EXPECT_EQ(state_of(session), CKS_RW_USER_FUNCTIONS);
  EXPECT_EQ(state_of(after), CKS_RW_USER_FUNCTIONS);
  EXPECT_EQ(private_keys_seen(before), 2U);
  EXPECT_EQ(ModuleSetup::signature_by_ec_key(before, Bytes(32, 1)).size(), 64U)
      << "the engine signs in read-only sessions";
}

// SunPKCS11's digests close the last session; the next getKey must find nothing, and a new login must work.
TEST(ClientNeedsOfSessions, TheLastOneClosedEndsTheLogin) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE first = setup.open();
  const CK_SESSION_HANDLE second = setup.open();
  setup.login(first);
  ASSERT_EQ(C_CloseSession(first), CKR_OK);
  EXPECT_EQ(state_of(second), CKS_RW_USER_FUNCTIONS) << "one is left";
  ASSERT_EQ(C_CloseSession(second), CKR_OK);
  const CK_SESSION_HANDLE third = setup.open();
  EXPECT_EQ(state_of(third), CKS_RW_PUBLIC_SESSION);
  EXPECT_EQ(private_keys_seen(third), 0U);
  setup.login(third);
  EXPECT_EQ(private_keys_seen(third), 2U);
}

// NSS closes all sessions when it shuts down.
TEST(ClientNeedsOfSessions, ClosingAllOfThemEndsTheLoginAndEveryOperation) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  ASSERT_EQ(begin_signature(session, CKM_ECDSA, ModuleSetup::find(session, CKO_PRIVATE_KEY, "ec")),
            CKR_OK);
  ASSERT_EQ(C_CloseAllSessions(kSlot), CKR_OK);
  EXPECT_EQ(C_CloseSession(session), CKR_SESSION_HANDLE_INVALID);
  EXPECT_EQ(C_CloseAllSessions(kSlot), CKR_OK) << "also where there is none";
  EXPECT_EQ(state_of(setup.open()), CKS_RW_PUBLIC_SESSION);
}

// crypto11 keeps up to 1024 sessions unless it is told otherwise.
TEST(ClientNeedsOfSessions, AThousandMayBeOpenAndEachSigns) {
  const ModuleSetup setup;
  setup.login(setup.open());
  std::vector<CK_SESSION_HANDLE> pool;
  for (int i = 0; i < 1024; ++i) pool.push_back(setup.open());
  const CK_OBJECT_HANDLE key = ModuleSetup::find(pool.front(), CKO_PRIVATE_KEY, "ec");
  for (const CK_SESSION_HANDLE session : pool) {
    ASSERT_EQ(begin_signature(session, CKM_ECDSA, key), CKR_OK);
  }
  EXPECT_EQ(sign(setup.open(), CKM_ECDSA, key, Bytes(32, 1)).size(), 64U);
  for (const CK_SESSION_HANDLE session : pool) ASSERT_EQ(C_CloseSession(session), CKR_OK);
}

// SunPKCS11, crypto11 and cryptoki find a key in one session and use its handle in others.
TEST(ClientNeedsOfSessions, AKeyFoundInOneSignsInAnotherThoughTheFirstIsClosed) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE finder = setup.open();
  setup.login(finder);
  const CK_OBJECT_HANDLE key = ModuleSetup::find(finder, CKO_PRIVATE_KEY, "ec");
  const CK_SESSION_HANDLE signer = setup.open(0);
  ASSERT_EQ(C_CloseSession(finder), CKR_OK);
  EXPECT_EQ(sign(signer, CKM_ECDSA, key, Bytes(32, 1)).size(), 64U);
}

// Long-lived programs (OpenSSH's agent, Java servers) keep handles over a logout and the next login.
TEST(ClientNeedsOfSessions, HandlesOfTokenObjectsOutliveTheLogin) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  const CK_OBJECT_HANDLE key = ModuleSetup::find(session, CKO_PRIVATE_KEY, "rsa");
  const CK_OBJECT_HANDLE certificate = ModuleSetup::find(session, CKO_CERTIFICATE, "rsa");
  ASSERT_EQ(C_Logout(session), CKR_OK);
  EXPECT_EQ(begin_signature(session, CKM_SHA256_RSA_PKCS, key), CKR_USER_NOT_LOGGED_IN);
  setup.login(session);
  EXPECT_EQ(ModuleSetup::find(session, CKO_PRIVATE_KEY, "rsa"), key);
  EXPECT_EQ(ModuleSetup::find(session, CKO_CERTIFICATE, "rsa"), certificate);
  EXPECT_EQ(sign(session, CKM_SHA256_RSA_PKCS, key, Bytes(100, 1)).size(), 256U);
}

// Java threads and Go's goroutines: operations under way in several sessions do not mix.
TEST(ClientNeedsOfSessions, EachHasASignatureOfItsOwnUnderWay) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE first = setup.open();
  setup.login(first);
  const CK_SESSION_HANDLE second = setup.open();
  const CK_OBJECT_HANDLE key = ModuleSetup::find(first, CKO_PRIVATE_KEY, "rsa");
  ASSERT_EQ(begin_signature(first, CKM_SHA256_RSA_PKCS, key), CKR_OK);
  ASSERT_EQ(begin_signature(second, CKM_SHA512_RSA_PKCS, key), CKR_OK);
  Bytes part(10, 1);
  for (int i = 0; i < 5; ++i) {
    ASSERT_EQ(C_SignUpdate(first, part.data(), part.size()), CKR_OK);
    ASSERT_EQ(C_SignUpdate(second, part.data(), part.size()), CKR_OK);
  }
  const Bytes one = finish_signature(first);
  const Bytes other = finish_signature(second);
  EXPECT_EQ(one, sign(first, CKM_SHA256_RSA_PKCS, key, Bytes(50, 1)));
  EXPECT_EQ(other, sign(first, CKM_SHA512_RSA_PKCS, key, Bytes(50, 1)));
}

// Two users in one process (NSS and an engine, Java and a JNI library) both log in; pkcs11-helper (OpenVPN) logs out
// where nobody is logged in. Neither changes anything.
TEST(ClientNeedsOfSessions, ALoginOrLogoutTooManyIsNamedAndChangesNothing) {
  ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  EXPECT_EQ(C_Logout(session), CKR_USER_NOT_LOGGED_IN);
  setup.login(session);
  const unsigned before = setup.appliance().calls();
  Bytes pin = copy_of(view_of(kPin));
  EXPECT_EQ(C_Login(session, CKU_USER, pin.data(), pin.size()), CKR_USER_ALREADY_LOGGED_IN);
  EXPECT_EQ(C_Login(setup.open(), CKU_USER, pin.data(), pin.size()), CKR_USER_ALREADY_LOGGED_IN);
  EXPECT_EQ(setup.appliance().calls(), before) << "nobody is asked for that";
  EXPECT_EQ(state_of(session), CKS_RW_USER_FUNCTIONS);
}

}  // namespace
}  // namespace signet::edge::testing
