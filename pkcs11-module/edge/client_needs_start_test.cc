// How real programs load the module and look at the token before they log in. Which program does what was seen in
// traces of its calls; docs/clients/ has a page for each.

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdlib>
#include <string>
#include <vector>

#include "config/config.h"
#include "pkcs11-module/edge/testing/client.h"

namespace signet::edge::testing {
namespace {

using Call = transport::FakeAppliance::Call;

void login_and_sign() {
  CK_SESSION_HANDLE session = 0;
  ASSERT_EQ(C_OpenSession(kSlot, CKF_SERIAL_SESSION, nullptr, nullptr, &session), CKR_OK);
  Bytes pin = copy_of(view_of(kPin));
  ASSERT_EQ(C_Login(session, CKU_USER, pin.data(), pin.size()), CKR_OK);
  EXPECT_EQ(ModuleSetup::signature_by_ec_key(session, Bytes(32, 1)).size(), 64U);
}

// NULL: OpenSC, OpenSSH, pkcs11-dump. Flags 0: pkcs11js, graphene. CKF_OS_LOCKING_OK: libp11 (engine), SunPKCS11,
// pkcs11-provider, Go, python-pkcs11, PyKCS11, cryptoki. Both flags: NSS, GnuTLS, p11-kit.
TEST(ClientNeedsOfTheStart, EveryUsualInitializationLeadsToASignature) {
  const ModuleSetup setup;
  ASSERT_EQ(C_Finalize(nullptr), CKR_OK);
  ASSERT_EQ(C_Initialize(nullptr), CKR_OK);
  login_and_sign();
  for (const CK_FLAGS flags : {CK_FLAGS{0}, CK_FLAGS{CKF_OS_LOCKING_OK},
                               CK_FLAGS{CKF_OS_LOCKING_OK | CKF_LIBRARY_CANT_CREATE_OS_THREADS}}) {
    SCOPED_TRACE(flags);
    ASSERT_EQ(C_Finalize(nullptr), CKR_OK);
    CK_C_INITIALIZE_ARGS args{};
    args.flags = flags;
    ASSERT_EQ(C_Initialize(&args), CKR_OK);
    login_and_sign();
  }
}

// Java with two configurations of one library; NSS beside an OpenSSL engine in one process.
TEST(ClientNeedsOfTheStart, ASecondUserInTheProcessIsToldSoAndDisturbsNobody) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  CK_C_INITIALIZE_ARGS args{};
  args.flags = CKF_OS_LOCKING_OK;
  EXPECT_EQ(C_Initialize(&args), CKR_CRYPTOKI_ALREADY_INITIALIZED);
  EXPECT_EQ(state_of(session), CKS_RW_USER_FUNCTIONS);
  EXPECT_EQ(ModuleSetup::signature_by_ec_key(session, Bytes(32, 1)).size(), 64U);
}

// pkcs11-helper (OpenVPN) and p11-kit end and begin again in the same process.
TEST(ClientNeedsOfTheStart, AfterAnEndComesAFreshBeginning) {
  const ModuleSetup setup;
  const CK_SESSION_HANDLE session = setup.open();
  setup.login(session);
  for (int round = 0; round < 3; ++round) {
    ASSERT_EQ(C_Finalize(nullptr), CKR_OK);
    ASSERT_EQ(C_Initialize(nullptr), CKR_OK);
    CK_SESSION_INFO info{};
    EXPECT_EQ(C_GetSessionInfo(session, &info), CKR_SESSION_HANDLE_INVALID);
    login_and_sign();
  }
}

struct InterfaceQuestion {
  const char* who;
  const char* name;  // nullptr: any
  CK_VERSION version;
  bool any_version;
  CK_FLAGS flags;
  CK_RV answer;
};

const InterfaceQuestion kInterfaceQuestions[] = {
    {"SunPKCS11 of newer Java", nullptr, {}, true, 0, CKR_OK},
    {"OpenSC", "PKCS 11", {}, true, 0, CKR_OK},
    {"python-pkcs11, pkcs11-provider first", "PKCS 11", {3, 2}, false, 0, CKR_OK},
    {"python-pkcs11, pkcs11-provider else", "PKCS 11", {3, 0}, false, 0, CKR_OK},
    {"NSS first", "Vendor NSS FIPS Interface", {}, true, 0, CKR_ARGUMENTS_BAD},
    {"NSS then", "PKCS 11", {}, true, CKF_INTERFACE_FORK_SAFE, CKR_ARGUMENTS_BAD},
    {"NSS at last", "PKCS 11", {}, true, 0, CKR_OK},
};

TEST(ClientNeedsOfTheStart, TheUsualInterfaceIsOfferedFirstAndOthersRefused) {
  for (const InterfaceQuestion& question : kInterfaceQuestions) {
    SCOPED_TRACE(question.who);
    std::string name = question.name == nullptr ? "" : question.name;
    auto* const name_or_null =
        question.name == nullptr ? nullptr : reinterpret_cast<CK_UTF8CHAR*>(name.data());
    CK_VERSION version = question.version;
    CK_INTERFACE* found = nullptr;
    EXPECT_EQ(C_GetInterface(name_or_null, question.any_version ? nullptr : &version, &found,
                             question.flags),
              question.answer);
    if (question.answer != CKR_OK) continue;
    ASSERT_NE(found, nullptr);
    const auto* const functions = static_cast<CK_FUNCTION_LIST_3_0*>(found->pFunctionList);
    EXPECT_EQ(functions->version.major, 3);
    EXPECT_EQ(functions->version.minor, question.any_version ? 0 : question.version.minor);
    EXPECT_EQ(functions->C_LoginUser, &C_LoginUser) << "the table has its whole length";
  }
}

// All of them look for the label here; OpenSSH and SunPKCS11 open read-write sessions, which a write-protected token
// need not grant; pkcs11-tool and p11-kit show the flags.
TEST(ClientNeedsOfTheStart, TheTokenIsDescribedBeforeTheLoginWithoutARequest) {
  ModuleSetup setup;
  for (const CK_BBOOL with_token : {CK_BBOOL{CK_TRUE}, CK_BBOOL{CK_FALSE}}) {
    CK_ULONG count = 0;
    ASSERT_EQ(C_GetSlotList(with_token, nullptr, &count), CKR_OK);
    std::vector<CK_SLOT_ID> slots(count);
    ASSERT_EQ(C_GetSlotList(with_token, slots.data(), &count), CKR_OK);
    EXPECT_EQ(slots, std::vector<CK_SLOT_ID>{kSlot});
  }
  CK_SLOT_INFO slot{};
  ASSERT_EQ(C_GetSlotInfo(kSlot, &slot), CKR_OK);
  EXPECT_EQ(slot.flags & CKF_TOKEN_PRESENT, CKF_TOKEN_PRESENT);
  CK_TOKEN_INFO token{};
  ASSERT_EQ(C_GetTokenInfo(kSlot, &token), CKR_OK);
  const std::string label(token.label, token.label + sizeof token.label);
  EXPECT_EQ(label, "seal" + std::string(28, ' ')) << "filled with blanks, without a zero";
  EXPECT_EQ(token.flags, CKF_RNG | CKF_LOGIN_REQUIRED | CKF_USER_PIN_INITIALIZED |
                             CKF_TOKEN_INITIALIZED | CKF_ASYNC_SESSION_SUPPORTED);
  EXPECT_EQ(token.ulMaxRwSessionCount, CK_EFFECTIVELY_INFINITE);
  EXPECT_EQ(setup.appliance().calls(), 0U);
}

std::string serial_number() {
  CK_TOKEN_INFO token{};
  EXPECT_EQ(C_GetTokenInfo(kSlot, &token), CKR_OK);
  return {token.serialNumber, token.serialNumber + sizeof token.serialNumber};
}

// pkcs11-helper's ids, RFC 7512 URIs and gnupg-pkcs11-scd's card numbers are made of it.
TEST(ClientNeedsOfTheStart, TheSerialNumberIsTheConfigurationsAndNotTheAppliances) {
  for (const char* line : {"", "serial = \"4711-A\""}) {
    ModuleSetup setup(line);
    const std::string before = serial_number();
    EXPECT_EQ(before, *line == '\0' ? config::serial_of("seal", "seal") : "4711-A          ");
    setup.login(setup.open());
    CK_ULONG count = 0;
    EXPECT_EQ(C_GetMechanismList(kSlot, nullptr, &count), CKR_OK);
    EXPECT_EQ(setup.appliance().calls(transport::FakeAppliance::Call::info), 1U);
    EXPECT_EQ(serial_number(), before);
    setup.restart();
    EXPECT_EQ(serial_number(), before);
  }
}

// OpenVPN (--pkcs11-protected-authentication) and pesign have nobody to ask for a PIN.
TEST(ClientNeedsOfTheStart, ATokenWithACredentialSaysSoAndLogsInWithoutAPin) {
  setenv("SIGNET_SCENE_PIN", kPin, 1);
  const ModuleSetup setup("credential = \"env:SIGNET_SCENE_PIN\"");
  CK_TOKEN_INFO token{};
  ASSERT_EQ(C_GetTokenInfo(kSlot, &token), CKR_OK);
  EXPECT_NE(token.flags & CKF_PROTECTED_AUTHENTICATION_PATH, 0U);
  const CK_SESSION_HANDLE session = setup.open();
  ASSERT_EQ(C_Login(session, CKU_USER, nullptr, 0), CKR_OK);
  EXPECT_EQ(ModuleSetup::signature_by_ec_key(session, Bytes(32, 1)).size(), 64U);
}

// A service's credential is not for the person who runs pkcs11-tool on the same machine: she is asked for the PIN.
TEST(ClientNeedsOfTheStart, AnotherProcessesCredentialIsNotUsed) {
  unsetenv("SIGNET_SCENE_PIN");
  const ModuleSetup setup("credential = \"env:SIGNET_SCENE_PIN\"");
  CK_TOKEN_INFO token{};
  ASSERT_EQ(C_GetTokenInfo(kSlot, &token), CKR_OK);
  EXPECT_EQ(token.flags & CKF_PROTECTED_AUTHENTICATION_PATH, 0U);
  const CK_SESSION_HANDLE session = setup.open();
  EXPECT_EQ(C_Login(session, CKU_USER, nullptr, 0), CKR_ARGUMENTS_BAD);
  setup.login(session);
  EXPECT_EQ(ModuleSetup::signature_by_ec_key(session, Bytes(32, 1)).size(), 64U);
}

std::vector<CK_MECHANISM_TYPE> mechanisms() {
  CK_ULONG count = 0;
  EXPECT_EQ(C_GetMechanismList(kSlot, nullptr, &count), CKR_OK);
  std::vector<CK_MECHANISM_TYPE> all(count);
  EXPECT_EQ(C_GetMechanismList(kSlot, all.data(), &count), CKR_OK);
  return all;
}

// SunPKCS11 asks about every mechanism when it starts, most programs at every start.
TEST(ClientNeedsOfTheStart, EveryMechanismIsDescribedForOneRequestAltogether) {
  ModuleSetup setup;
  for (const CK_MECHANISM_TYPE type : mechanisms()) {
    CK_MECHANISM_INFO info{};
    EXPECT_EQ(C_GetMechanismInfo(kSlot, type, &info), CKR_OK) << type;
    EXPECT_NE(info.flags, 0U) << type;
  }
  EXPECT_LE(setup.appliance().calls(Call::info), 1U);
  EXPECT_EQ(setup.appliance().calls(), setup.appliance().calls(Call::info));
}

// pkcs11-tool --test tries only what is CKF_HW. SunPKCS11 compares the size of a key, in bits, with the limits. The
// raw mechanisms serve the engine, NSS, GnuTLS and OpenSSH, which hash for themselves.
TEST(ClientNeedsOfTheStart, SignatureMechanismsAreHardwareWithSizesInBits) {
  const ModuleSetup setup;
  struct Expectation {
    CK_MECHANISM_TYPE type;
    CK_ULONG smallest_key;
    CK_ULONG largest_key;
  };
  for (const Expectation& expected :
       {Expectation{CKM_RSA_PKCS, 2048, 4096}, Expectation{CKM_RSA_PKCS_PSS, 2048, 4096},
        Expectation{CKM_SHA256_RSA_PKCS, 2048, 4096}, Expectation{CKM_ECDSA, 256, 521},
        Expectation{CKM_ECDSA_SHA256, 256, 521}}) {
    SCOPED_TRACE(expected.type);
    CK_MECHANISM_INFO info{};
    ASSERT_EQ(C_GetMechanismInfo(kSlot, expected.type, &info), CKR_OK);
    EXPECT_EQ(info.flags & (CKF_HW | CKF_SIGN), CKF_HW | CKF_SIGN);
    EXPECT_LE(info.ulMinKeySize, expected.smallest_key);
    EXPECT_GT(info.ulMinKeySize, 66U) << "not bytes";
    EXPECT_GE(info.ulMaxKeySize, expected.largest_key);
  }
}

// SunPKCS11 makes PSS and TLS 1.3 signatures only with digests of its own provider.
TEST(ClientNeedsOfTheStart, DigestsAreListedBesideThem) {
  const ModuleSetup setup;
  const auto all = mechanisms();
  for (const CK_MECHANISM_TYPE type : {CKM_SHA_1, CKM_SHA224, CKM_SHA256, CKM_SHA384, CKM_SHA512}) {
    EXPECT_NE(std::ranges::find(all, type), all.end()) << type;
    CK_MECHANISM_INFO info{};
    ASSERT_EQ(C_GetMechanismInfo(kSlot, type, &info), CKR_OK);
    EXPECT_EQ(info.flags, CKF_DIGEST) << type;
  }
}

}  // namespace
}  // namespace signet::edge::testing
