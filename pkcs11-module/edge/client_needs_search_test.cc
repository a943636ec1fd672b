// How real programs look for objects. Which program does what was seen in traces of its calls; docs/clients/ has a
// page for each.

#include <gtest/gtest.h>

#include <array>
#include <vector>

#include "pkcs11-module/edge/testing/client.h"
#include "pkcs11-module/edge/testing/template.h"

namespace signet::edge::testing {
namespace {

class ClientNeedsOfSearches : public ::testing::Test {
 protected:
  ClientNeedsOfSearches() { setup_.login(session_); }

  std::vector<CK_OBJECT_HANDLE> found(const Template& search) const {
    return ModuleSetup::find_all(session_, search.attributes());
  }

  Bytes of_certificate(CK_ATTRIBUTE_TYPE type) const {
    return attribute(session_, ModuleSetup::find(session_, CKO_CERTIFICATE, "rsa"), type);
  }

  ModuleSetup setup_;
  CK_SESSION_HANDLE session_ = setup_.open();
};

TEST_F(ClientNeedsOfSearches, PrivateKeysAreFoundInEveryWay) {
  const std::vector key{ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa")};
  // pkcs11-tool, OpenVPN (pkcs11-helper), OpenSSH, which also wants CKA_SIGN.
  EXPECT_EQ(found(Template().number(CKA_CLASS, CKO_PRIVATE_KEY).bytes(CKA_ID, {1})), key);
  EXPECT_EQ(
      found(Template().number(CKA_CLASS, CKO_PRIVATE_KEY).bytes(CKA_ID, {1}).flag(CKA_SIGN, true)),
      key);
  // Go, Node.js, Python, Rust, pkcs11-provider; crypto11 and GnuTLS in the other order.
  EXPECT_EQ(found(Template().number(CKA_CLASS, CKO_PRIVATE_KEY).text(CKA_LABEL, "rsa")), key);
  EXPECT_EQ(found(Template().text(CKA_LABEL, "rsa").number(CKA_CLASS, CKO_PRIVATE_KEY)), key);
  // GnuTLS, with everything that its URI names.
  EXPECT_EQ(
      found(
          Template().bytes(CKA_ID, {1}).text(CKA_LABEL, "rsa").number(CKA_CLASS, CKO_PRIVATE_KEY)),
      key);
  // SunPKCS11.
  EXPECT_EQ(
      found(Template().flag(CKA_TOKEN, true).bytes(CKA_ID, {1}).number(CKA_CLASS, CKO_PRIVATE_KEY)),
      key);
  EXPECT_EQ(found(Template().flag(CKA_TOKEN, true).number(CKA_CLASS, CKO_PRIVATE_KEY)).size(), 2U);
  // libp11 (engine) takes all and chooses by itself.
  EXPECT_EQ(found(Template().number(CKA_CLASS, CKO_PRIVATE_KEY)).size(), 2U);
}

TEST_F(ClientNeedsOfSearches, PublicKeysAreFoundByIdTypeAndLabel) {
  const std::vector key{ModuleSetup::find(session_, CKO_PUBLIC_KEY, "rsa")};
  // crypto11.
  EXPECT_EQ(found(Template()
                      .number(CKA_CLASS, CKO_PUBLIC_KEY)
                      .number(CKA_KEY_TYPE, CKK_RSA)
                      .bytes(CKA_ID, {1})
                      .text(CKA_LABEL, "rsa")),
            key);
  EXPECT_TRUE(found(Template()
                        .number(CKA_CLASS, CKO_PUBLIC_KEY)
                        .number(CKA_KEY_TYPE, CKK_EC)
                        .bytes(CKA_ID, {1}))
                  .empty());
  // pkcs11-tool --test, libp11.
  EXPECT_EQ(found(Template().number(CKA_CLASS, CKO_PUBLIC_KEY).bytes(CKA_ID, {1})), key);
}

TEST_F(ClientNeedsOfSearches, CertificatesAreFoundByWhatTheyContain) {
  const std::vector certificate{ModuleSetup::find(session_, CKO_CERTIFICATE, "rsa")};
  // SunPKCS11 builds chains by subject, and looks for what was issued before it deletes an issuer.
  for (const CK_ATTRIBUTE_TYPE name : {CKA_SUBJECT, CKA_ISSUER}) {
    EXPECT_EQ(found(Template()
                        .flag(CKA_TOKEN, true)
                        .number(CKA_CLASS, CKO_CERTIFICATE)
                        .bytes(name, of_certificate(name))),
              certificate);
  }
  // NSS: by value, by subject, by issuer and serial number.
  EXPECT_EQ(found(Template()
                      .number(CKA_CLASS, CKO_CERTIFICATE)
                      .bytes(CKA_VALUE, of_certificate(CKA_VALUE))),
            certificate);
  EXPECT_EQ(found(Template()
                      .number(CKA_CLASS, CKO_CERTIFICATE)
                      .bytes(CKA_ISSUER, of_certificate(CKA_ISSUER))
                      .bytes(CKA_SERIAL_NUMBER, of_certificate(CKA_SERIAL_NUMBER))),
            certificate);
  // GnuTLS and p11-kit name the type as well.
  EXPECT_EQ(found(Template()
                      .bytes(CKA_ID, {1})
                      .text(CKA_LABEL, "rsa")
                      .number(CKA_CLASS, CKO_CERTIFICATE)
                      .number(CKA_CERTIFICATE_TYPE, CKC_X_509)),
            certificate);
}

// PyKCS11 and pyHanko look for a label or an id and choose by class afterwards.
TEST_F(ClientNeedsOfSearches, WithoutAClassAllThreeObjectsOfAKeyAreFound) {
  EXPECT_EQ(found(Template().text(CKA_LABEL, "ec")).size(), 3U);
  EXPECT_EQ(found(Template().bytes(CKA_ID, {2})).size(), 3U);
  EXPECT_TRUE(found(Template().text(CKA_LABEL, "nobody")).empty());
}

// SunPKCS11 asks for secret keys; NSS for its own classes: revocation lists, mail, trust and built-in roots.
TEST_F(ClientNeedsOfSearches, ClassesThatNoTokenHereHasAreEmptyAndNoError) {
  for (const CK_OBJECT_CLASS nothing :
       {CK_OBJECT_CLASS{CKO_SECRET_KEY}, CK_OBJECT_CLASS{CKO_DATA}, CK_OBJECT_CLASS{0xCE534351},
        CK_OBJECT_CLASS{0xCE534352}, CK_OBJECT_CLASS{0xCE534353}, CK_OBJECT_CLASS{0xCE534354}}) {
    EXPECT_TRUE(found(Template().number(CKA_CLASS, nothing)).empty()) << nothing;
    EXPECT_TRUE(found(Template().flag(CKA_TOKEN, true).number(CKA_CLASS, nothing)).empty())
        << nothing;
  }
}

// OpenSSH (ssh-keygen -D), curl and browsers choose a key before they ask for the PIN; pkcs11-provider asks for the
// profiles first of all.
TEST_F(ClientNeedsOfSearches, WithoutALoginEverythingPublicIsThereAndNothingElse) {
  ASSERT_EQ(C_Logout(session_), CKR_OK);
  EXPECT_EQ(found(Template().number(CKA_CLASS, CKO_PUBLIC_KEY)).size(), 2U);
  EXPECT_EQ(found(Template().number(CKA_CLASS, CKO_CERTIFICATE)).size(), 2U);
  EXPECT_EQ(found(Template().flag(CKA_TOKEN, true).number(CKA_CLASS, CKO_PROFILE)).size(), 4U);
  EXPECT_TRUE(found(Template().number(CKA_CLASS, CKO_PRIVATE_KEY)).empty());
  EXPECT_FALSE(
      attribute(session_, ModuleSetup::find(session_, CKO_CERTIFICATE, "ec"), CKA_VALUE).empty());
}

// libp11, NSS and GnuTLS take one handle at a time, Python and Go ten, SunPKCS11 a hundred; all go on until they get
// none.
TEST_F(ClientNeedsOfSearches, HandlesComeInPortionsOfAnySizeUntilThereAreNone) {
  const std::size_t all = found(Template()).size();
  for (const CK_ULONG portion : {CK_ULONG{1}, CK_ULONG{10}, CK_ULONG{1000}}) {
    ASSERT_EQ(C_FindObjectsInit(session_, nullptr, 0), CKR_OK);
    std::vector<CK_OBJECT_HANDLE> some(portion);
    std::size_t got = 0;
    CK_ULONG count = 1;
    while (count != 0) {
      ASSERT_EQ(C_FindObjects(session_, some.data(), portion, &count), CKR_OK);
      ASSERT_LE(count, portion);
      got += count;
    }
    EXPECT_EQ(got, all);
    EXPECT_EQ(C_FindObjects(session_, some.data(), portion, &count), CKR_OK);
    EXPECT_EQ(count, 0U) << "and still none";
    EXPECT_EQ(C_FindObjectsFinal(session_), CKR_OK);
  }
}

// pkcs11-tool, GnuTLS, OpenSSH, Go and cryptoki end a search once they have what they want.
TEST_F(ClientNeedsOfSearches, ASearchMayEndInTheMiddle) {
  for (int round = 0; round < 2; ++round) {
    ASSERT_EQ(C_FindObjectsInit(session_, nullptr, 0), CKR_OK);
    CK_OBJECT_HANDLE first = 0;
    CK_ULONG count = 0;
    ASSERT_EQ(C_FindObjects(session_, &first, 1, &count), CKR_OK);
    EXPECT_EQ(count, 1U);
    ASSERT_EQ(C_FindObjectsFinal(session_), CKR_OK);
  }
}

// GnuTLS and pkcs11-dump make hundreds of such calls for one signature.
TEST_F(ClientNeedsOfSearches, SearchingAndReadingSendNothing) {
  const unsigned before = setup_.appliance().calls();
  for (const CK_OBJECT_HANDLE object : found(Template())) {
    for (const CK_ATTRIBUTE_TYPE type : {CKA_CLASS, CKA_LABEL, CKA_UNIQUE_ID}) {
      CK_ATTRIBUTE one{type, nullptr, 0};
      (void)C_GetAttributeValue(session_, object, &one, 1);
    }
  }
  EXPECT_EQ(setup_.appliance().calls(), before);
}

}  // namespace
}  // namespace signet::edge::testing
