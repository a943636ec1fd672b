// How real programs sign. Which program does what was seen in traces of its calls; docs/clients/ has a page for each.

#include <gtest/gtest.h>

#include <cstdint>
#include <utility>

#include "crypto/digest_info.h"
#include "pkcs11-module/edge/testing/client.h"

namespace signet::edge::testing {
namespace {

using Call = transport::FakeAppliance::Call;

class ClientNeedsOfSignatures : public ::testing::Test {
 protected:
  ClientNeedsOfSignatures() { setup_.login(session_); }

  CK_OBJECT_HANDLE key(const char* label) const {
    return ModuleSetup::find(session_, CKO_PRIVATE_KEY, label);
  }
  CK_OBJECT_HANDLE public_key(const char* label) const {
    return ModuleSetup::find(session_, CKO_PUBLIC_KEY, label);
  }

  Bytes digest(CK_MECHANISM_TYPE type, Bytes data) const {
    CK_MECHANISM mechanism{type, nullptr, 0};
    EXPECT_EQ(C_DigestInit(session_, &mechanism), CKR_OK);
    Bytes value(64);
    CK_ULONG size = value.size();
    EXPECT_EQ(C_Digest(session_, data.data(), data.size(), value.data(), &size), CKR_OK);
    value.resize(size);
    return value;
  }

  void update(Bytes part) const {
    ASSERT_EQ(C_SignUpdate(session_, part.data(), part.size()), CKR_OK);
  }

  unsigned signatures_made() { return setup_.appliance().calls(Call::sign); }

  ModuleSetup setup_;
  const CK_SESSION_HANDLE session_ = setup_.open();
};

// GnuTLS, python-pkcs11, Go, cryptoki and PyKCS11 ask for the length first; pkcs11-tool --test gives a buffer that is
// too short; pkcs11js 1024 bytes for whatever comes.
TEST_F(ClientNeedsOfSignatures, NoBufferAShortOneAndALargeOneAreOneRequest) {
  Bytes document(5000, 7);
  ASSERT_EQ(begin_signature(session_, CKM_SHA256_RSA_PKCS, key("rsa")), CKR_OK);
  CK_ULONG size = 0;
  ASSERT_EQ(C_Sign(session_, document.data(), document.size(), nullptr, &size), CKR_OK);
  EXPECT_EQ(size, 256U);
  Bytes signature(1024);
  size = 1;
  ASSERT_EQ(C_Sign(session_, document.data(), document.size(), signature.data(), &size),
            CKR_BUFFER_TOO_SMALL);
  EXPECT_EQ(size, 256U);
  EXPECT_EQ(signatures_made(), 0U);
  size = signature.size();
  ASSERT_EQ(C_Sign(session_, document.data(), document.size(), signature.data(), &size), CKR_OK);
  ASSERT_EQ(size, 256U);
  signature.resize(size);
  EXPECT_EQ(signatures_made(), 1U);
  EXPECT_EQ(verify(session_, CKM_SHA256_RSA_PKCS, public_key("rsa"), document, signature), CKR_OK);
}

// The engine, NSS, GnuTLS, OpenSSH and Go's crypto11 hash for themselves and give a DigestInfo, others the document,
// whole or in pieces (SunPKCS11, pkcs11-provider, graphene, cryptoki): it is the same signature.
TEST_F(ClientNeedsOfSignatures, WhoeverHashesItIsTheSameSignature) {
  const Bytes document(3000, 9);
  const Bytes whole = sign(session_, CKM_SHA256_RSA_PKCS, key("rsa"), document);

  ASSERT_EQ(begin_signature(session_, CKM_SHA256_RSA_PKCS, key("rsa")), CKR_OK);
  for (int i = 0; i < 3; ++i) update(Bytes(1000, 9));
  EXPECT_EQ(C_SignUpdate(session_, nullptr, 0), CKR_OK) << "the end of a stream";
  EXPECT_EQ(finish_signature(session_), whole);

  const Bytes info = crypto::encode_digest_info(crypto::Hash::sha256, digest(CKM_SHA256, document));
  EXPECT_EQ(sign(session_, CKM_RSA_PKCS, key("rsa"), info), whole);

  // pkcs11-tool --test gives the DigestInfo in pieces.
  ASSERT_EQ(begin_signature(session_, CKM_RSA_PKCS, key("rsa")), CKR_OK);
  const auto half = info.begin() + static_cast<std::ptrdiff_t>(info.size() / 2);
  update(Bytes(info.begin(), half));
  update(Bytes(half, info.end()));
  EXPECT_EQ(finish_signature(session_), whole);
}

// CKM_ECDSA over a digest (engine, NSS, OpenSSH, Go, Java's TLS) and CKM_ECDSA_SHA256 over a document; r and s always
// have their whole length.
TEST_F(ClientNeedsOfSignatures, EcdsaIsVerifiedEitherWay) {
  const Bytes document(100, 3);
  const Bytes hash = digest(CKM_SHA256, document);
  for (int i = 0; i < 10; ++i) {
    const Bytes raw = sign(session_, CKM_ECDSA, key("ec"), hash);
    ASSERT_EQ(raw.size(), 64U);
    EXPECT_EQ(verify(session_, CKM_ECDSA_SHA256, public_key("ec"), document, raw), CKR_OK);
    const Bytes hashed = sign(session_, CKM_ECDSA_SHA256, key("ec"), document);
    ASSERT_EQ(hashed.size(), 64U);
    EXPECT_EQ(verify(session_, CKM_ECDSA, public_key("ec"), hash, hashed), CKR_OK);
  }
}

// SunPKCS11 drops a signature that a program began and did not finish by finishing it, whatever comes of that.
TEST_F(ClientNeedsOfSignatures, AnAbandonedOneIsEndedByADummyCall) {
  ASSERT_EQ(begin_signature(session_, CKM_SHA256_RSA_PKCS, key("rsa")), CKR_OK);
  update(Bytes(10, 1));
  (void)finish_signature(session_);
  ASSERT_EQ(begin_signature(session_, CKM_ECDSA, key("ec")), CKR_OK);
  Bytes nothing;
  Bytes signature(512);
  CK_ULONG size = signature.size();
  EXPECT_EQ(C_Sign(session_, nothing.data(), 0, signature.data(), &size), CKR_DATA_LEN_RANGE);
  ASSERT_EQ(begin_signature(session_, CKM_SHA256_RSA_PKCS, key("rsa")), CKR_OK) << "it is over";
  size = signature.size();
  EXPECT_EQ(C_SignFinal(session_, signature.data(), &size), CKR_OK) << "without any part";
  EXPECT_EQ(sign(session_, CKM_ECDSA, key("ec"), Bytes(32, 1)).size(), 64U);
}

// pkcs11-provider tries to save the state of a signature before it finishes it.
TEST_F(ClientNeedsOfSignatures, TheStateCannotBeSavedAndTheSignatureGoesOn) {
  const Bytes document(20, 5);
  ASSERT_EQ(begin_signature(session_, CKM_SHA384_RSA_PKCS, key("rsa")), CKR_OK);
  update(document);
  CK_ULONG size = 0;
  EXPECT_EQ(C_GetOperationState(session_, nullptr, &size), CKR_FUNCTION_NOT_SUPPORTED);
  const Bytes signature = finish_signature(session_);
  EXPECT_EQ(signature, sign(session_, CKM_SHA384_RSA_PKCS, key("rsa"), document));
}

// pkcs11-tool --test tries these, too, and goes on to the next where it is refused.
TEST_F(ClientNeedsOfSignatures, WhatIsNotOfferedIsRefusedAndLeavesNothingBehind) {
  for (const CK_MECHANISM_TYPE type : {CKM_RSA_X_509, CKM_MD5_RSA_PKCS, CKM_RIPEMD160_RSA_PKCS}) {
    EXPECT_EQ(begin_signature(session_, type, key("rsa")), CKR_MECHANISM_INVALID);
    CK_ULONG size = 0;
    EXPECT_EQ(C_SignFinal(session_, nullptr, &size), CKR_OPERATION_NOT_INITIALIZED);
  }
  CK_MECHANISM md5{CKM_MD5, nullptr, 0};
  EXPECT_EQ(C_DigestInit(session_, &md5), CKR_MECHANISM_INVALID);
  // A program that takes the first key it finds must not get the wrong signature.
  EXPECT_EQ(begin_signature(session_, CKM_ECDSA, key("rsa")), CKR_KEY_TYPE_INCONSISTENT);
  EXPECT_EQ(sign(session_, CKM_SHA256_RSA_PKCS, key("rsa"), Bytes(1, 1)).size(), 256U);
}

// A Java server or nginx signs on after an outage, with the session, the login and the key that it has.
TEST_F(ClientNeedsOfSignatures, AfterAnOutageTheSameSessionAndKeySignOn) {
  const CK_OBJECT_HANDLE rsa = key("rsa");
  setup_.appliance().fail_next(Call::sign, transport::Failure::unreachable);
  ASSERT_EQ(begin_signature(session_, CKM_SHA256_RSA_PKCS, rsa), CKR_OK);
  Bytes document(10, 1);
  Bytes signature(256);
  CK_ULONG size = signature.size();
  EXPECT_EQ(C_Sign(session_, document.data(), document.size(), signature.data(), &size),
            CKR_DEVICE_REMOVED);
  EXPECT_EQ(state_of(session_), CKS_RW_USER_FUNCTIONS);
  EXPECT_EQ(sign(session_, CKM_SHA256_RSA_PKCS, rsa, document).size(), 256U);
}

// PowerDNS 4.7 leaves pParameter and ulParameterLen of its CK_MECHANISM uninitialised, with digests, signatures and new
// keys; SoftHSM and cards take that. The address is one that nobody may read.
using MechanismsOfPowerDns = ClientNeedsOfSignatures;  // of which there is no page
TEST_F(MechanismsOfPowerDns, MayBeHalfInitialised) {
  void* const nowhere = reinterpret_cast<void*>(std::uintptr_t{8});
  for (const CK_ULONG size : {CK_ULONG{0}, CK_ULONG{5}, CK_ULONG{1} << 31U, ~CK_ULONG{0}}) {
    for (void* const parameter : {nowhere, static_cast<void*>(nullptr)}) {
      const auto half_set = [&](CK_MECHANISM_TYPE type) {
        return CK_MECHANISM{type, parameter, size};
      };
      CK_MECHANISM mechanism = half_set(CKM_SHA_1);
      ASSERT_EQ(C_DigestInit(session_, &mechanism), CKR_OK);
      ASSERT_EQ(C_DigestInit(session_, nullptr), CKR_OK);
      mechanism = half_set(CKM_SHA256_RSA_PKCS);
      ASSERT_EQ(C_SignInit(session_, &mechanism, key("rsa")), CKR_OK);
      ASSERT_EQ(C_SignInit(session_, nullptr, 0), CKR_OK);
      ASSERT_EQ(C_VerifyInit(session_, &mechanism, public_key("rsa")), CKR_OK);
      ASSERT_EQ(C_VerifyInit(session_, nullptr, 0), CKR_OK);
      mechanism = half_set(CKM_ECDSA);
      ASSERT_EQ(C_MessageSignInit(session_, &mechanism, key("ec")), CKR_OK);
      Bytes digest(32, 1);
      Bytes signature(64);
      CK_ULONG length = signature.size();
      ASSERT_EQ(C_SignMessage(session_, parameter, size, digest.data(), digest.size(),
                              signature.data(), &length),
                CKR_OK);
      ASSERT_EQ(C_MessageSignFinal(session_), CKR_OK);
      ASSERT_EQ(C_MessageVerifyInit(session_, &mechanism, public_key("ec")), CKR_OK);
      ASSERT_EQ(C_VerifyMessage(session_, parameter, size, digest.data(), digest.size(),
                                signature.data(), length),
                CKR_OK);
      ASSERT_EQ(C_MessageVerifyFinal(session_), CKR_OK);
      mechanism = half_set(CKM_EC_KEY_PAIR_GEN);
      Bytes curve{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
      CK_ATTRIBUTE open{CKA_EC_PARAMS, curve.data(), curve.size()};
      CK_OBJECT_HANDLE one = 0;
      CK_OBJECT_HANDLE other = 0;
      ASSERT_EQ(C_GenerateKeyPair(session_, &mechanism, &open, 1, nullptr, 0, &one, &other),
                CKR_OK);
    }
  }
}

}  // namespace
}  // namespace signet::edge::testing
