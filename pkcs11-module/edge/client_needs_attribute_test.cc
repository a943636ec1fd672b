// What real programs read of objects. Which program does what was seen in traces of its calls; docs/clients/ has a
// page for each.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <map>
#include <vector>

#include "crypto/algorithm_table.h"
#include "crypto/mechanism.h"
#include "pkcs11-module/edge/testing/client.h"
#include "pkcs11-module/edge/testing/template.h"

namespace signet::edge::testing {
namespace {

class ClientNeedsOfAttributes : public ::testing::Test {
 protected:
  ClientNeedsOfAttributes() { setup_.login(session_); }

  Bytes read(CK_OBJECT_CLASS object_class, const char* label, CK_ATTRIBUTE_TYPE type) const {
    return attribute(session_, ModuleSetup::find(session_, object_class, label), type);
  }

  ModuleSetup setup_;
  const CK_SESSION_HANDLE session_ = setup_.open();
};

// The lengths that python-pkcs11 asks for at once, of whatever it has found; CKA_ENCAPSULATE and CKA_DECAPSULATE (PKCS
// #11 3.2) it asks for too.
std::map<CK_ATTRIBUTE_TYPE, CK_ULONG> uses_of(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object) {
  std::array<CK_ATTRIBUTE, 10> uses{{{CKA_CLASS, nullptr, 0},
                                     {CKA_ENCRYPT, nullptr, 0},
                                     {CKA_DECRYPT, nullptr, 0},
                                     {CKA_SIGN, nullptr, 0},
                                     {CKA_VERIFY, nullptr, 0},
                                     {CKA_WRAP, nullptr, 0},
                                     {CKA_UNWRAP, nullptr, 0},
                                     {CKA_DERIVE, nullptr, 0},
                                     {0x633, nullptr, 0},
                                     {0x634, nullptr, 0}}};
  EXPECT_EQ(C_GetAttributeValue(session, object, uses.data(), uses.size()),
            CKR_ATTRIBUTE_TYPE_INVALID);
  std::map<CK_ATTRIBUTE_TYPE, CK_ULONG> lengths;
  for (const CK_ATTRIBUTE& use : uses) lengths[use.type] = use.ulValueLen;
  return lengths;
}

TEST_F(ClientNeedsOfAttributes, WhatIsThereIsToldBesideWhatIsNot) {
  constexpr CK_ULONG none = CK_UNAVAILABLE_INFORMATION;
  const auto of_private = uses_of(session_, ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa"));
  EXPECT_EQ(of_private.at(CKA_CLASS), sizeof(CK_OBJECT_CLASS));
  for (const CK_ATTRIBUTE_TYPE use : {CKA_SIGN, CKA_DECRYPT, CKA_UNWRAP, CKA_DERIVE}) {
    EXPECT_EQ(of_private.at(use), sizeof(CK_BBOOL)) << use;
  }
  for (const CK_ATTRIBUTE_TYPE use : {CKA_VERIFY, CKA_ENCRYPT, CK_ATTRIBUTE_TYPE{0x633}}) {
    EXPECT_EQ(of_private.at(use), none) << use;
  }
  const auto of_public = uses_of(session_, ModuleSetup::find(session_, CKO_PUBLIC_KEY, "ec"));
  EXPECT_EQ(of_public.at(CKA_VERIFY), sizeof(CK_BBOOL));
  EXPECT_EQ(of_public.at(CKA_SIGN), none);
  const auto of_certificate = uses_of(session_, ModuleSetup::find(session_, CKO_CERTIFICATE, "ec"));
  EXPECT_EQ(of_certificate.at(CKA_CLASS), sizeof(CK_OBJECT_CLASS));
  EXPECT_EQ(of_certificate.at(CKA_VERIFY), none);
}

// The types of PKCS #11 up to 3.2, of p11-kit and of NSS, as GnuTLS and pkcs11-dump ask for them: one by one, of every
// object, whether the object can have them or not.
std::vector<CK_ATTRIBUTE_TYPE> all_types() {
  std::vector<CK_ATTRIBUTE_TYPE> types;
  for (CK_ATTRIBUTE_TYPE type = 0; type < 0x700; ++type) types.push_back(type);
  for (const CK_ATTRIBUTE_TYPE family :
       {CK_ATTRIBUTE_TYPE{CKF_ARRAY_ATTRIBUTE} | 0x200,
        CK_ATTRIBUTE_TYPE{CKF_ARRAY_ATTRIBUTE} | 0x600, CK_ATTRIBUTE_TYPE{0xCE534351},
        CK_ATTRIBUTE_TYPE{0xD8446641}}) {
    for (CK_ATTRIBUTE_TYPE type = family; type < family + 0x40; ++type) types.push_back(type);
  }
  return types;
}

TEST_F(ClientNeedsOfAttributes, AnyTypeMayBeAskedOfAnyObject) {
  for (const CK_OBJECT_HANDLE object : ModuleSetup::find_all(session_, {})) {
    for (const CK_ATTRIBUTE_TYPE type : all_types()) {
      CK_ATTRIBUTE one{type, nullptr, 0};
      const CK_RV rv = C_GetAttributeValue(session_, object, &one, 1);
      if (rv == CKR_OK) {
        EXPECT_LT(one.ulValueLen, 100000U) << type;
        EXPECT_EQ(attribute(session_, object, type).size(), one.ulValueLen) << type;
      } else {
        EXPECT_TRUE(rv == CKR_ATTRIBUTE_TYPE_INVALID || rv == CKR_ATTRIBUTE_SENSITIVE) << type;
        EXPECT_EQ(one.ulValueLen, CK_UNAVAILABLE_INFORMATION) << type;
      }
    }
  }
}

// Everybody finds the certificate for the key, and the key for the certificate, by the id; SunPKCS11, NSS and the
// engine show or choose by the label.
TEST_F(ClientNeedsOfAttributes, TheThreeObjectsOfAKeyHaveOneIdAndOneLabel) {
  for (const CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY, CKO_CERTIFICATE}) {
    EXPECT_EQ(read(object_class, "ec", CKA_ID), Bytes{2});
    EXPECT_EQ(text_of(read(object_class, "ec", CKA_LABEL)), "ec");
  }
}

// libp11, pkcs11-provider, SunPKCS11 and GnuTLS make the public key of the private object.
TEST_F(ClientNeedsOfAttributes, APrivateKeyShowsThePublicNumbersOfItsPublicHalf) {
  for (const CK_ATTRIBUTE_TYPE type : {CKA_MODULUS, CKA_PUBLIC_EXPONENT}) {
    EXPECT_EQ(read(CKO_PRIVATE_KEY, "rsa", type), read(CKO_PUBLIC_KEY, "rsa", type));
  }
  for (const CK_ATTRIBUTE_TYPE type : {CKA_EC_PARAMS, CKA_EC_POINT}) {
    EXPECT_EQ(read(CKO_PRIVATE_KEY, "ec", type), read(CKO_PUBLIC_KEY, "ec", type));
  }
  const Bytes point = read(CKO_PUBLIC_KEY, "ec", CKA_EC_POINT);
  ASSERT_EQ(point.size(), 67U) << "PyKCS11, crypto11 and graphene read a DER OCTET STRING";
  EXPECT_EQ((Bytes{point[0], point[1], point[2]}), (Bytes{0x04, 65, 0x04}));
}

// SunPKCS11 asks for the private exponent unless a key says that it stays, and cannot use one that wants a second
// credential; the engine reads that too. GnuTLS and p11-kit list all of these.
TEST_F(ClientNeedsOfAttributes, APrivateKeySaysThatItStaysOnTheTokenAndSigns) {
  const Bytes yes{CK_TRUE};
  const Bytes no{CK_FALSE};
  for (const char* const label : {"rsa", "ec"}) {
    for (const CK_ATTRIBUTE_TYPE type : {CKA_TOKEN, CKA_PRIVATE, CKA_SENSITIVE, CKA_SIGN}) {
      EXPECT_EQ(read(CKO_PRIVATE_KEY, label, type), yes) << type;
    }
    for (const CK_ATTRIBUTE_TYPE type : {CKA_EXTRACTABLE, CKA_ALWAYS_AUTHENTICATE, CKA_DECRYPT}) {
      EXPECT_EQ(read(CKO_PRIVATE_KEY, label, type), no) << type;
    }
  }
}

bool may_begin(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE type, CK_OBJECT_HANDLE key) {
  CK_RSA_PKCS_PSS_PARAMS params{CKM_SHA256, CKG_MGF1_SHA256, 32};
  const crypto::Mechanism* row = crypto::find_mechanism(type);
  for (const crypto::HashRow& hash : crypto::kHashes) {
    if (row->hash != crypto::Hash::none && row->hash == hash.hash)
      params = {hash.mechanism, hash.mgf, 20};
  }
  const bool pss = row->scheme == crypto::Scheme::rsa_pss;
  CK_MECHANISM mechanism{type, pss ? &params : nullptr, pss ? sizeof params : 0};
  if (C_SignInit(session, &mechanism, key) != CKR_OK) return false;
  EXPECT_EQ(C_SignInit(session, nullptr, 0), CKR_OK);
  return true;
}

// What the attribute means (PKCS#11 3.0, 4.8): whoever chooses from the list is not refused afterwards.
TEST_F(ClientNeedsOfAttributes, APrivateKeyAllowsExactlyTheMechanismsThatSign) {
  const CK_OBJECT_HANDLE disabled = setup_.make_disabled_key(session_);
  for (const CK_OBJECT_HANDLE key :
       {ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa"),
        ModuleSetup::find(session_, CKO_PRIVATE_KEY, "ec"), disabled}) {
    const Bytes value = attribute(session_, key, CKA_ALLOWED_MECHANISMS);
    std::vector<CK_MECHANISM_TYPE> allowed(value.size() / sizeof(CK_MECHANISM_TYPE));
    if (!allowed.empty()) std::memcpy(allowed.data(), value.data(), value.size());
    for (const crypto::Mechanism& row : crypto::mechanisms()) {
      if (!row.scheme) continue;
      const bool listed = std::ranges::find(allowed, row.type) != allowed.end();
      EXPECT_EQ(may_begin(session_, row.type, key), listed) << row.name;
    }
  }
}

// SunPKCS11 skips a certificate whose CKA_TRUSTED it cannot read as false or missing; certificates and public keys must
// be readable before the login.
TEST_F(ClientNeedsOfAttributes, CertificatesAndPublicKeysAreNoSecret) {
  ASSERT_EQ(C_Logout(session_), CKR_OK);
  for (const CK_OBJECT_CLASS object_class : {CKO_CERTIFICATE, CKO_PUBLIC_KEY}) {
    EXPECT_EQ(read(object_class, "rsa", CKA_PRIVATE), Bytes{CK_FALSE});
    EXPECT_EQ(read(object_class, "rsa", CKA_TOKEN), Bytes{CK_TRUE});
  }
  EXPECT_EQ(read(CKO_CERTIFICATE, "rsa", CKA_TRUSTED), Bytes{CK_FALSE});
}

}  // namespace
}  // namespace signet::edge::testing
