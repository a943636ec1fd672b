// How real programs make keys, store certificates, and change and destroy both. Which program does what was seen in
// traces of its calls; docs/clients/ has a page for each.

#include <gtest/gtest.h>

#include <string>

#include "pkcs11-module/edge/testing/certificates.h"
#include "pkcs11-module/edge/testing/client.h"
#include "pkcs11-module/edge/testing/template.h"

namespace signet::edge::testing {
namespace {

const Bytes kP256{0x06, 0x08, 0x2A, 0x86, 0x48, 0xCE, 0x3D, 0x03, 0x01, 0x07};
const Bytes kExponent{1, 0, 1};

class ClientNeedsOfObjects : public ::testing::Test {
 protected:
  ClientNeedsOfObjects() { setup_.login(session_); }

  struct Pair {
    CK_OBJECT_HANDLE public_key = 0;
    CK_OBJECT_HANDLE private_key = 0;
  };

  // Makes a pair and signs with it at once; the public half verifies.
  Pair expect_pair(CK_MECHANISM_TYPE how, Template of_public, Template of_private) const {
    CK_MECHANISM mechanism{how, nullptr, 0};
    Pair pair;
    EXPECT_EQ(C_GenerateKeyPair(session_, &mechanism, of_public.data(), of_public.size(),
                                of_private.data(), of_private.size(), &pair.public_key,
                                &pair.private_key),
              CKR_OK);
    const CK_MECHANISM_TYPE type =
        how == CKM_EC_KEY_PAIR_GEN ? CKM_ECDSA_SHA256 : CKM_SHA256_RSA_PKCS;
    const Bytes signature = sign(session_, type, pair.private_key, Bytes(10, 1));
    EXPECT_EQ(verify(session_, type, pair.public_key, Bytes(10, 1), signature), CKR_OK);
    return pair;
  }

  Bytes certificate_of(const char* label) const {
    return attribute(session_, ModuleSetup::find(session_, CKO_CERTIFICATE, label), CKA_VALUE);
  }

  std::size_t count(const Template& search) const {
    return ModuleSetup::find_all(session_, search.attributes()).size();
  }

  bool is_destroyable(CK_OBJECT_HANDLE object) const {
    return attribute(session_, object, CKA_DESTROYABLE) == Bytes{CK_TRUE};
  }

  ModuleSetup setup_;
  const CK_SESSION_HANDLE session_ = setup_.open();
};

// The templates of pkcs11-tool, NSS, GnuTLS and SunPKCS11 are held by keygen/key_spec_test.cc.
TEST_F(ClientNeedsOfObjects, KeyPairsOfGoAndNode) {
  // miekg/pkcs11 as its own examples have it.
  expect_pair(CKM_RSA_PKCS_KEY_PAIR_GEN,
              std::move(Template()
                            .flag(CKA_TOKEN, true)
                            .flag(CKA_VERIFY, true)
                            .bytes(CKA_PUBLIC_EXPONENT, kExponent)
                            .number(CKA_MODULUS_BITS, 2048)
                            .text(CKA_LABEL, "go")
                            .bytes(CKA_ID, {0x31})),
              std::move(Template()
                            .flag(CKA_TOKEN, true)
                            .flag(CKA_SIGN, true)
                            .text(CKA_LABEL, "go")
                            .bytes(CKA_ID, {0x31})
                            .flag(CKA_SENSITIVE, true)
                            .flag(CKA_EXTRACTABLE, false)));
  // crypto11.
  expect_pair(CKM_EC_KEY_PAIR_GEN,
              std::move(Template()
                            .bytes(CKA_ID, {0x41})
                            .text(CKA_LABEL, "crypto11")
                            .number(CKA_CLASS, CKO_PUBLIC_KEY)
                            .number(CKA_KEY_TYPE, CKK_EC)
                            .flag(CKA_TOKEN, true)
                            .flag(CKA_VERIFY, true)
                            .bytes(CKA_EC_PARAMS, kP256)),
              std::move(Template()
                            .flag(CKA_TOKEN, true)
                            .flag(CKA_SIGN, true)
                            .flag(CKA_SENSITIVE, true)
                            .flag(CKA_EXTRACTABLE, false)
                            .bytes(CKA_ID, {0x41})
                            .text(CKA_LABEL, "crypto11")));
  // graphene adds the class at the end, and the key's type on both sides.
  expect_pair(CKM_EC_KEY_PAIR_GEN,
              std::move(Template()
                            .flag(CKA_TOKEN, true)
                            .bytes(CKA_ID, {0x61})
                            .text(CKA_LABEL, "graphene")
                            .number(CKA_KEY_TYPE, CKK_EC)
                            .flag(CKA_VERIFY, true)
                            .bytes(CKA_EC_PARAMS, kP256)
                            .number(CKA_CLASS, CKO_PUBLIC_KEY)),
              std::move(Template()
                            .flag(CKA_TOKEN, true)
                            .bytes(CKA_ID, {0x61})
                            .text(CKA_LABEL, "graphene")
                            .number(CKA_KEY_TYPE, CKK_EC)
                            .flag(CKA_SIGN, true)
                            .flag(CKA_PRIVATE, true)
                            .number(CKA_CLASS, CKO_PRIVATE_KEY)));
}

TEST_F(ClientNeedsOfObjects, KeyPairsOfPythonAndRust) {
  // python-pkcs11 says of every use whether it is wanted, and wants CKA_DERIVE of EC keys, which nothing here does.
  expect_pair(CKM_EC_KEY_PAIR_GEN,
              std::move(Template()
                            .number(CKA_CLASS, CKO_PUBLIC_KEY)
                            .bytes(CKA_ID, {0x12})
                            .text(CKA_LABEL, "python")
                            .flag(CKA_ENCRYPT, false)
                            .flag(CKA_WRAP, false)
                            .flag(CKA_VERIFY, true)
                            .flag(CKA_TOKEN, true)
                            .bytes(CKA_EC_PARAMS, kP256)),
              std::move(Template()
                            .number(CKA_CLASS, CKO_PRIVATE_KEY)
                            .bytes(CKA_ID, {0x12})
                            .text(CKA_LABEL, "python")
                            .flag(CKA_PRIVATE, true)
                            .flag(CKA_SENSITIVE, true)
                            .flag(CKA_DECRYPT, false)
                            .flag(CKA_UNWRAP, false)
                            .flag(CKA_SIGN, true)
                            .flag(CKA_DERIVE, true)
                            .flag(CKA_TOKEN, true)));
  // cryptoki: the public half says that it is not private.
  expect_pair(CKM_RSA_PKCS_KEY_PAIR_GEN,
              std::move(Template()
                            .flag(CKA_TOKEN, true)
                            .flag(CKA_PRIVATE, false)
                            .flag(CKA_VERIFY, true)
                            .bytes(CKA_PUBLIC_EXPONENT, kExponent)
                            .number(CKA_MODULUS_BITS, 2048)
                            .text(CKA_LABEL, "rust")
                            .bytes(CKA_ID, {0x71})),
              std::move(Template()
                            .flag(CKA_TOKEN, true)
                            .flag(CKA_PRIVATE, true)
                            .flag(CKA_SENSITIVE, true)
                            .flag(CKA_SIGN, true)
                            .text(CKA_LABEL, "rust")
                            .bytes(CKA_ID, {0x71})));
}

// Go, Node.js, Rust and PyKCS11 destroy the private key and expect the public one gone; keytool destroys both halves
// one after the other. The certificate stays: it is not theirs.
TEST_F(ClientNeedsOfObjects, APrivateKeyTakesItsPublicHalfAlongAndNothingElse) {
  const CK_OBJECT_HANDLE public_key = ModuleSetup::find(session_, CKO_PUBLIC_KEY, "ec");
  ASSERT_EQ(C_DestroyObject(session_, ModuleSetup::find(session_, CKO_PRIVATE_KEY, "ec")), CKR_OK);
  EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_PUBLIC_KEY).text(CKA_LABEL, "ec")), 0U);
  EXPECT_EQ(C_DestroyObject(session_, public_key), CKR_OK) << "it was half done already";
  EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_CERTIFICATE).text(CKA_LABEL, "ec")), 1U);
}

// jacknji11, openCryptoki's tests and scripts destroy the public key first.
TEST_F(ClientNeedsOfObjects, BothHalvesCanBeDestroyedOneAfterTheOtherInEitherOrder) {
  for (const bool public_first : {true, false}) {
    const Pair pair = expect_pair(CKM_EC_KEY_PAIR_GEN,
                                  std::move(Template().bytes(CKA_EC_PARAMS, kP256)), Template());
    EXPECT_TRUE(is_destroyable(pair.public_key));
    EXPECT_TRUE(is_destroyable(pair.private_key));
    const CK_OBJECT_HANDLE first = public_first ? pair.public_key : pair.private_key;
    const CK_OBJECT_HANDLE second = public_first ? pair.private_key : pair.public_key;
    EXPECT_EQ(C_DestroyObject(session_, first), CKR_OK);
    EXPECT_EQ(C_DestroyObject(session_, second), CKR_OK);
    for (const CK_OBJECT_HANDLE handle : {first, second})
      EXPECT_EQ(C_DestroyObject(session_, handle), CKR_OBJECT_HANDLE_INVALID);
    EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_PRIVATE_KEY)), 2U);
    EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_PUBLIC_KEY)), 2U);
  }
}

TEST_F(ClientNeedsOfObjects, APublicHalfThatIsDestroyedStaysAwayAndItsKeySigns) {
  const CK_OBJECT_HANDLE public_key = ModuleSetup::find(session_, CKO_PUBLIC_KEY, "ec");
  ASSERT_EQ(C_DestroyObject(session_, public_key), CKR_OK);
  EXPECT_EQ(ModuleSetup::signature_by_ec_key(session_, Bytes(32, 1)).size(), 64U);
  // The object list is read again with a login.
  ASSERT_EQ(C_Logout(session_), CKR_OK);
  setup_.login(session_);
  EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_PUBLIC_KEY).text(CKA_LABEL, "ec")), 0U);
  EXPECT_EQ(C_DestroyObject(session_, public_key), CKR_OBJECT_HANDLE_INVALID);
  // It is the appliance's as long as the key is, so the next run shows it.
  setup_.restart();
  const CK_SESSION_HANDLE next = setup_.open();
  setup_.login(next);
  EXPECT_NE(ModuleSetup::find(next, CKO_PUBLIC_KEY, "ec"), CK_INVALID_HANDLE);
}

// What CKA_DESTROYABLE says is what happens, of whatever class.
TEST_F(ClientNeedsOfObjects, EachObjectCanBeDestroyedWhereItSaysSoAndOnlyThere) {
  Template kept;
  kept.number(CKA_CLASS, CKO_DATA).flag(CKA_DESTROYABLE, false);
  CK_OBJECT_HANDLE data = 0;
  ASSERT_EQ(C_CreateObject(session_, kept.data(), kept.size(), &data), CKR_OK);
  for (const CK_OBJECT_CLASS object_class :
       {CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, CKO_MECHANISM, CKO_PROFILE,
        CKO_HW_FEATURE}) {
    for (const CK_OBJECT_HANDLE object :
         ModuleSetup::find_all(session_, Template().number(CKA_CLASS, object_class).attributes())) {
      const bool says_so = is_destroyable(object);
      EXPECT_EQ(C_DestroyObject(session_, object), says_so ? CKR_OK : CKR_ACTION_PROHIBITED)
          << object_class;
    }
  }
  EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_DATA)), 1U);
}

// pkcs11-tool --write-object and p11tool --write in scripts: one certificate for each id that a program looks for.
TEST_F(ClientNeedsOfObjects, OneCertificateMayBeStoredUnderSeveralIds) {
  const Bytes der = certificate_of("rsa");
  const auto store = [&](const char* label, Bytes id) {
    Template wanted;
    wanted.number(CKA_CLASS, CKO_CERTIFICATE).flag(CKA_TOKEN, true).bytes(CKA_VALUE, der);
    wanted.text(CKA_LABEL, label).bytes(CKA_ID, std::move(id));
    CK_OBJECT_HANDLE made = 0;
    EXPECT_EQ(C_CreateObject(session_, wanted.data(), wanted.size(), &made), CKR_OK);
    return made;
  };
  const CK_OBJECT_HANDLE first = store("rsa", {0x31});
  const CK_OBJECT_HANDLE second = store("other", {0x32});
  EXPECT_NE(first, second);
  EXPECT_EQ(store("other", {0x32}), second) << "the very same again";
  EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_CERTIFICATE).bytes(CKA_VALUE, der)), 3U);
  EXPECT_EQ(attribute(session_, second, CKA_ID), Bytes{0x32});
  ASSERT_EQ(C_DestroyObject(session_, first), CKR_OK);
  EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_CERTIFICATE).bytes(CKA_VALUE, der)), 2U);
}

// NSS copies a token object, with an empty template, and destroys the copy when it is done with it.
TEST_F(ClientNeedsOfObjects, ACopyThatIsDestroyedLeavesTheAppliancesObject) {
  for (const CK_OBJECT_CLASS object_class : {CKO_PUBLIC_KEY, CKO_CERTIFICATE}) {
    const CK_OBJECT_HANDLE original = ModuleSetup::find(session_, object_class, "rsa");
    CK_OBJECT_HANDLE copy = 0;
    ASSERT_EQ(C_CopyObject(session_, original, nullptr, 0, &copy), CKR_OK);
    EXPECT_NE(copy, original);
    const unsigned before = setup_.appliance().calls();
    ASSERT_EQ(C_DestroyObject(session_, copy), CKR_OK);
    EXPECT_EQ(setup_.appliance().calls(), before);
    EXPECT_EQ(ModuleSetup::find(session_, object_class, "rsa"), original);
  }
  // pkcs11-provider 1.1 would keep a copy of the private key for the session: refused, and it goes on without.
  Template in_session;
  in_session.flag(CKA_TOKEN, false);
  const CK_OBJECT_HANDLE key = ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa");
  CK_OBJECT_HANDLE copy = 0;
  EXPECT_EQ(C_CopyObject(session_, key, in_session.data(), in_session.size(), &copy),
            CKR_ACTION_PROHIBITED);
  EXPECT_EQ(sign(session_, CKM_SHA256_RSA_PKCS, key, Bytes(1, 1)).size(), 256U);
}

// SunPKCS11 verifies with a public key that it writes into the session, without CKA_TOKEN and CKA_VERIFY; before a
// login, too.
TEST_F(ClientNeedsOfObjects, APublicKeyOfTheCallersVerifies) {
  const Bytes document(10, 1);
  const Bytes by_rsa = sign(session_, CKM_SHA256_RSA_PKCS,
                            ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa"), document);
  const Bytes by_ec = sign(session_, CKM_ECDSA_SHA256,
                           ModuleSetup::find(session_, CKO_PRIVATE_KEY, "ec"), document);
  ASSERT_EQ(C_Logout(session_), CKR_OK);
  const CK_OBJECT_HANDLE rsa = ModuleSetup::find(session_, CKO_PUBLIC_KEY, "rsa");
  const CK_OBJECT_HANDLE ec = ModuleSetup::find(session_, CKO_PUBLIC_KEY, "ec");
  Template rsa_key;
  rsa_key.number(CKA_CLASS, CKO_PUBLIC_KEY)
      .number(CKA_KEY_TYPE, CKK_RSA)
      .bytes(CKA_MODULUS, attribute(session_, rsa, CKA_MODULUS))
      .bytes(CKA_PUBLIC_EXPONENT, attribute(session_, rsa, CKA_PUBLIC_EXPONENT));
  Template ec_key;
  ec_key.number(CKA_CLASS, CKO_PUBLIC_KEY)
      .number(CKA_KEY_TYPE, CKK_EC)
      .bytes(CKA_EC_POINT, attribute(session_, ec, CKA_EC_POINT))
      .bytes(CKA_EC_PARAMS, attribute(session_, ec, CKA_EC_PARAMS));
  CK_OBJECT_HANDLE made = 0;
  ASSERT_EQ(C_CreateObject(session_, rsa_key.data(), rsa_key.size(), &made), CKR_OK);
  EXPECT_EQ(verify(session_, CKM_SHA256_RSA_PKCS, made, document, by_rsa), CKR_OK);
  EXPECT_EQ(verify(session_, CKM_SHA256_RSA_PKCS, made, Bytes(11, 1), by_rsa),
            CKR_SIGNATURE_INVALID);
  ASSERT_EQ(C_CreateObject(session_, ec_key.data(), ec_key.size(), &made), CKR_OK);
  EXPECT_EQ(verify(session_, CKM_ECDSA_SHA256, made, document, by_ec), CKR_OK);
  EXPECT_EQ(C_DestroyObject(session_, made), CKR_OK);
}

// pkcs11-tool writes everything that it reads from the certificate, with CKA_PRIVATE; SunPKCS11 the same without, and
// for issuers no label; certutil (NSS) an id of its own, the digest of the public key. (What the parts must be is held
// by object/object_change_test.cc.)
TEST_F(ClientNeedsOfObjects, CertificatesAreStoredAsEveryToolWritesThem) {
  const auto key = setup_.appliance().add_ec_key(transport::Curve::p256, {}, {0x09});
  const auto private_key = setup_.appliance().private_key(key.id);
  const Bytes der = self_signed(private_key.get(), "stored");
  const CK_OBJECT_HANDLE parsed = ModuleSetup::make_certificate(session_, der, CK_FALSE);
  Template everything;
  everything.flag(CKA_TOKEN, true)
      .bytes(CKA_VALUE, der)
      .number(CKA_CLASS, CKO_CERTIFICATE)
      .number(CKA_CERTIFICATE_TYPE, CKC_X_509)
      .flag(CKA_PRIVATE, false)
      .text(CKA_LABEL, "stored")
      .bytes(CKA_ID, {0x09})
      .bytes(CKA_SUBJECT, attribute(session_, parsed, CKA_SUBJECT))
      .bytes(CKA_ISSUER, attribute(session_, parsed, CKA_ISSUER))
      .bytes(CKA_SERIAL_NUMBER, attribute(session_, parsed, CKA_SERIAL_NUMBER));
  ASSERT_EQ(C_DestroyObject(session_, parsed), CKR_OK);
  CK_OBJECT_HANDLE stored = 0;
  ASSERT_EQ(C_CreateObject(session_, everything.data(), everything.size(), &stored), CKR_OK);
  EXPECT_EQ(attribute(session_, stored, CKA_VALUE), der);
  EXPECT_EQ(ModuleSetup::find(session_, CKO_CERTIFICATE, "stored"), stored)
      << "found without a login";
  // keytool -importcert destroys the old one and writes the new one.
  ASSERT_EQ(C_DestroyObject(session_, stored), CKR_OK);
  ASSERT_EQ(C_CreateObject(session_, everything.data(), everything.size(), &stored), CKR_OK);
}

// SunPKCS11 gives a key the id that it gave the certificate (the alias); pkcs11-tool --set-id names one half only.
TEST_F(ClientNeedsOfObjects, ANewIdIsThatOfBothHalves) {
  Template change;
  change.text(CKA_ID, "an alias");
  ASSERT_EQ(C_SetAttributeValue(session_, ModuleSetup::find(session_, CKO_PRIVATE_KEY, "rsa"),
                                change.data(), change.size()),
            CKR_OK);
  for (const CK_OBJECT_CLASS object_class : {CKO_PRIVATE_KEY, CKO_PUBLIC_KEY}) {
    EXPECT_EQ(count(Template().number(CKA_CLASS, object_class).text(CKA_ID, "an alias")), 1U);
    EXPECT_EQ(count(Template().number(CKA_CLASS, object_class).bytes(CKA_ID, {1})), 0U);
  }
  EXPECT_EQ(certificate_of("rsa").empty(), false) << "a certificate keeps its own";
  EXPECT_EQ(count(Template().number(CKA_CLASS, CKO_CERTIFICATE).bytes(CKA_ID, {1})), 1U);
}

// Java and pkcs11-tool try to write keys of their own: refused in a way that they show to the user.
TEST_F(ClientNeedsOfObjects, KeysFromOutsideAreRefusedByName) {
  Template secret;
  secret.number(CKA_CLASS, CKO_SECRET_KEY)
      .number(CKA_KEY_TYPE, CKK_AES)
      .bytes(CKA_VALUE, Bytes(16, 1))
      .flag(CKA_TOKEN, true);
  CK_OBJECT_HANDLE made = 0;
  EXPECT_EQ(C_CreateObject(session_, secret.data(), secret.size(), &made),
            CKR_TEMPLATE_INCONSISTENT);
  Template outside;
  outside.flag(CKA_TOKEN, true)
      .number(CKA_CLASS, CKO_PRIVATE_KEY)
      .flag(CKA_PRIVATE, true)
      .number(CKA_KEY_TYPE, CKK_EC)
      .bytes(CKA_VALUE, Bytes(32, 1))
      .bytes(CKA_EC_PARAMS, kP256);
  EXPECT_EQ(C_CreateObject(session_, outside.data(), outside.size(), &made),
            CKR_TEMPLATE_INCONSISTENT);
}

}  // namespace
}  // namespace signet::edge::testing
