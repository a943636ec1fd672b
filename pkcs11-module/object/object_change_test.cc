#include <gtest/gtest.h>

#include <random>

#include "pkcs11-module/object/object.h"
#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {
namespace {

using crypto::test_context;

Wanted certificate_template() {
  Wanted wanted;
  wanted.number(CKA_CLASS, CKO_CERTIFICATE).bytes(CKA_VALUE, leaf_certificate());
  return wanted;
}

Wanted rsa_template() {
  const auto key = crypto::TestKey::rsa(2048).public_key();
  Wanted wanted;
  wanted.number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, CKK_RSA);
  wanted.bytes(CKA_MODULUS, key->modulus()).bytes(CKA_PUBLIC_EXPONENT, key->public_exponent());
  return wanted;
}

Wanted ec_template() {
  const auto key = crypto::TestKey::on_curve("P-256").public_key();
  Wanted wanted;
  wanted.number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, CKK_EC);
  wanted.bytes(CKA_EC_PARAMS, key->ec_params()).bytes(CKA_EC_POINT, key->ec_point());
  return wanted;
}

Wanted data_template() {
  Wanted wanted;
  wanted.number(CKA_CLASS, CKO_DATA).text(CKA_VALUE, "data").text(CKA_LABEL, "note");
  return wanted;
}

CK_RV session_code(const AttributeSet& wanted) {
  return code(session_object(test_context(), wanted));
}

ObjectPtr session(const AttributeSet& wanted) {
  auto made = session_object(test_context(), wanted);
  EXPECT_TRUE(made);
  return made ? made.value() : nullptr;
}

ObjectPtr private_key() {
  return objects_of_key(test_context(), rsa_key("k"), {}).value().first;
}

ObjectPtr token_certificate() {
  return object_of_certificate(test_context(), certificate_info("c", leaf_certificate())).value();
}

TEST(SessionObject, CertificateHasTheAttributesOfATokenOne) {
  const auto made = session(certificate_template().text(CKA_LABEL, "mine"));
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->is_token_object());
  EXPECT_EQ(made->origin, Origin::none);
  EXPECT_EQ(text_in(*made, CKA_LABEL), "mine");
  const auto token = token_certificate();
  for (const auto type : {CKA_SUBJECT, CKA_ISSUER, CKA_SERIAL_NUMBER, CKA_CHECK_VALUE,
                          CKA_START_DATE, CKA_PUBLIC_KEY_INFO, CKA_VALUE})
    EXPECT_EQ(hex_in(*made, type), hex_in(*token, type)) << type;
}

TEST(SessionObject, PublicKeysAreReadyToVerify) {
  for (const Wanted& wanted : {rsa_template(), ec_template()}) {
    const auto made = session(wanted);
    ASSERT_TRUE(made);
    ASSERT_TRUE(made->public_key);
    EXPECT_TRUE(made->flag(CKA_VERIFY));
    EXPECT_FALSE(made->flag(CKA_LOCAL));
    EXPECT_EQ(made->number(CKA_KEY_GEN_MECHANISM), CK_UNAVAILABLE_INFORMATION);
    EXPECT_FALSE(made->is_token_object());
  }
  EXPECT_EQ(session(rsa_template())->number(CKA_MODULUS_BITS), 2048U);
}

TEST(SessionObject, DataIsKeptAsGiven) {
  const auto made = session(data_template().text(CKA_APPLICATION, "app").flag(CKA_PRIVATE, true));
  ASSERT_TRUE(made);
  EXPECT_EQ(text_in(*made, CKA_VALUE), "data");
  EXPECT_EQ(text_in(*made, CKA_APPLICATION), "app");
  EXPECT_EQ(text_in(*made, CKA_OBJECT_ID), "");
  EXPECT_TRUE(made->is_private());
  EXPECT_FALSE(made->is_token_object());
}

TEST(SessionObject, EachHasAUniqueIdOfItsOwn) {
  EXPECT_NE(text_in(*session(data_template()), CKA_UNIQUE_ID),
            text_in(*session(data_template()), CKA_UNIQUE_ID));
}

TEST(SessionObject, UsesThatCannotBeHadArePassedOver) {
  const auto made = session(rsa_template().flag(CKA_ENCRYPT, true).flag(CKA_WRAP, true));
  ASSERT_TRUE(made);
  EXPECT_FALSE(made->flag(CKA_ENCRYPT));
  EXPECT_FALSE(made->flag(CKA_WRAP));
  EXPECT_FALSE(session(rsa_template().flag(CKA_VERIFY, false))->flag(CKA_VERIFY));
}

TEST(SessionObject, IncompleteTemplatesAreRefused) {
  EXPECT_EQ(session_code(AttributeSet()), CKR_TEMPLATE_INCOMPLETE);
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, CKO_CERTIFICATE)), CKR_TEMPLATE_INCOMPLETE);
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, CKO_PUBLIC_KEY)), CKR_TEMPLATE_INCOMPLETE);
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, CKO_PUBLIC_KEY).number(CKA_KEY_TYPE, CKK_EC)),
            CKR_TEMPLATE_INCOMPLETE);
}

TEST(SessionObject, KeysCannotBeImported) {
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, CKO_PRIVATE_KEY)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, CKO_SECRET_KEY)), CKR_TEMPLATE_INCONSISTENT);
}

TEST(SessionObject, ClassesThatCannotBeMadeAreRefused) {
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, CKO_PROFILE)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, CKO_HW_FEATURE)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(Wanted().number(CKA_CLASS, 0xce534353UL)),  // NSS's trust records
            CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(SessionObject, TokenObjectsAreNotMadeHere) {
  EXPECT_EQ(session_code(rsa_template().flag(CKA_TOKEN, true)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(data_template().flag(CKA_TOKEN, true)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(data_template().flag(CKA_TOKEN, false)), CKR_OK);
}

TEST(SessionObject, AttributesOfOtherClassesAreRefused) {
  EXPECT_EQ(session_code(certificate_template().bytes(CKA_MODULUS, {})),
            CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(session_code(data_template().number(CKA_VENDOR_DEFINED | 1UL, 1)),
            CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(session_code(ec_template().text(CKA_MODULUS, "x")), CKR_TEMPLATE_INCONSISTENT);
}

TEST(SessionObject, WhatTheTokenSetsCannotBeGiven) {
  EXPECT_EQ(session_code(rsa_template().flag(CKA_LOCAL, true)), CKR_ATTRIBUTE_READ_ONLY);
  EXPECT_EQ(session_code(certificate_template().text(CKA_UNIQUE_ID, "x")), CKR_ATTRIBUTE_READ_ONLY);
}

TEST(SessionObject, ContradictionsAreRefused) {
  EXPECT_EQ(session_code(certificate_template().text(CKA_SUBJECT, "somebody")),
            CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(certificate_template().text(CKA_SUBJECT, "")), CKR_OK);
  EXPECT_EQ(session_code(certificate_template().flag(CKA_TRUSTED, true)),
            CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(rsa_template().number(CKA_MODULUS_BITS, 1024)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(session_code(ec_template().number(CKA_KEY_TYPE, CKK_EC_EDWARDS)),
            CKR_TEMPLATE_INCONSISTENT);
}

TEST(SessionObject, UnreadableValuesAreRefused) {
  EXPECT_EQ(session_code(certificate_template().text(CKA_VALUE, "none")),
            CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(session_code(rsa_template().number(CKA_KEY_TYPE, CKK_DSA)),
            CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_NE(session_code(ec_template().text(CKA_EC_POINT, "none")), CKR_OK);
  EXPECT_NE(session_code(rsa_template().text(CKA_MODULUS, "")), CKR_OK);
}

TEST(SessionObject, RandomTemplatesAreAnsweredWithoutHarm) {
  std::mt19937 random(3);
  const CK_ULONG classes[] = {CKO_DATA, CKO_CERTIFICATE, CKO_PUBLIC_KEY, CKO_PRIVATE_KEY, 77};
  const CK_ATTRIBUTE_TYPE types[] = {CKA_TOKEN,   CKA_VALUE,          CKA_LABEL,     CKA_KEY_TYPE,
                                     CKA_MODULUS, CKA_SUBJECT,        CKA_EC_PARAMS, CKA_EC_POINT,
                                     CKA_VERIFY,  CKA_PUBLIC_EXPONENT};
  int made = 0;
  for (int round = 0; round < 3000; ++round) {
    Wanted wanted;
    wanted.number(CKA_CLASS, classes[random() % std::size(classes)]);
    for (const auto type : types) {
      if (random() % 2 == 0) continue;
      Bytes value(random() % 20);
      for (auto& byte : value) byte = static_cast<std::uint8_t>(random());
      if (type == CKA_KEY_TYPE) {
        wanted.number(type, random() % 4);
      } else {
        wanted.bytes(type, value);
      }
    }
    const auto result = session_object(test_context(), wanted);
    if (result) {
      ++made;
      EXPECT_FALSE(result.value()->is_token_object());
    } else {
      EXPECT_FALSE(result.error().sentence.empty());
    }
  }
  EXPECT_GT(made, 0);
}

TEST(NewCertificate, IsReadFromWhatToolsSend) {
  const auto parts = token_certificate();
  Wanted sun = certificate_template();
  sun.flag(CKA_TOKEN, true).number(CKA_CERTIFICATE_TYPE, CKC_X_509).text(CKA_LABEL, "alias");
  sun.bytes(CKA_SUBJECT, *parts->find(CKA_SUBJECT)).bytes(CKA_ISSUER, *parts->find(CKA_ISSUER));
  Wanted nss = sun;
  // Java leaves out the DER's tag and length; one octet of length, as in every serial number here.
  sun.bytes(CKA_SERIAL_NUMBER, parts->find(CKA_SERIAL_NUMBER)->subspan(2)).text(CKA_ID, "alias");
  EXPECT_TRUE(new_certificate(test_context(),
                              nss.bytes(CKA_SERIAL_NUMBER, *parts->find(CKA_SERIAL_NUMBER))));
  const auto made = new_certificate(test_context(), sun);
  ASSERT_TRUE(made) << made.error().sentence;
  EXPECT_EQ(made.value().der, leaf_certificate());
  EXPECT_EQ(text_of(made.value().label), "alias");
  EXPECT_EQ(text_of(made.value().id), "alias");
  Wanted wrong = sun;
  const auto other = new_certificate(test_context(), wrong.bytes(CKA_SERIAL_NUMBER, Bytes{1, 2}));
  ASSERT_FALSE(other);
  EXPECT_EQ(other.error().rv, CKR_TEMPLATE_INCONSISTENT);
  // Of a CA's certificate Java makes the id from subject and serial number.
  EXPECT_TRUE(new_certificate(test_context(), sun.bytes(CKA_ID, Bytes(255, 1))));
}

// What a certificate is for, and what helps to find it elsewhere.
constexpr std::pair<CK_ATTRIBUTE_TYPE, CK_ULONG> kNumbersOfCertificates[] = {
    {CKA_JAVA_MIDP_SECURITY_DOMAIN, CK_SECURITY_DOMAIN_OPERATOR},
    {CKA_NAME_HASH_ALGORITHM, CKM_SHA256}};
constexpr CK_ATTRIBUTE_TYPE kBytesOfCertificates[] = {CKA_URL, CKA_HASH_OF_SUBJECT_PUBLIC_KEY,
                                                      CKA_HASH_OF_ISSUER_PUBLIC_KEY};

TEST(SessionObject, ACertificateKeepsWhatItsMakerSaysOfIt) {
  Wanted wanted = certificate_template();
  for (const auto& [type, value] : kNumbersOfCertificates) wanted.number(type, value);
  for (const auto type : kBytesOfCertificates) wanted.bytes(type, Bytes{'x', 1});
  wanted.number(CKA_CERTIFICATE_CATEGORY, CK_CERTIFICATE_CATEGORY_OTHER_ENTITY);
  const auto made = session_object(test_context(), wanted);
  ASSERT_TRUE(made) << made.error().sentence;
  for (const auto& [type, value] : kNumbersOfCertificates)
    EXPECT_EQ(made.value()->number(type), value);
  for (const auto type : kBytesOfCertificates)
    EXPECT_TRUE(equal(*made.value()->find(type), Bytes{'x', 1}));
  EXPECT_EQ(made.value()->number(CKA_CERTIFICATE_CATEGORY), CK_CERTIFICATE_CATEGORY_OTHER_ENTITY);
}

TEST(NewCertificate, RefusesWhatIsSaidOfItAndCannotBeKept) {
  const auto refused = [](Wanted wanted) {
    return code(new_certificate(test_context(), wanted.flag(CKA_TOKEN, true)));
  };
  for (const auto& [type, value] : kNumbersOfCertificates)
    EXPECT_EQ(refused(certificate_template().number(type, value)), CKR_TEMPLATE_INCONSISTENT);
  for (const auto type : kBytesOfCertificates) {
    EXPECT_EQ(refused(certificate_template().bytes(type, Bytes{1})), CKR_TEMPLATE_INCONSISTENT);
    EXPECT_EQ(refused(certificate_template().bytes(type, Bytes{})), CKR_OK) << "some say nothing";
  }
  EXPECT_EQ(refused(certificate_template().number(CKA_NAME_HASH_ALGORITHM, CKM_SHA_1)), CKR_OK);
}

// p11tool --mark-ca says "authority".
TEST(NewCertificate, HasTheCategoryThatIsShownOrNone) {
  const auto stored = [](const Bytes& der, CK_ULONG category, bool has_key) {
    Wanted wanted = certificate_template();
    wanted.bytes(CKA_VALUE, der).flag(CKA_TOKEN, true).number(CKA_CERTIFICATE_CATEGORY, category);
    return code(check_category(new_certificate(test_context(), wanted).value(), has_key));
  };
  const Bytes& ca = root_certificate();
  const Bytes& leaf = leaf_certificate();
  EXPECT_EQ(stored(ca, CK_CERTIFICATE_CATEGORY_AUTHORITY, false), CKR_OK);
  EXPECT_EQ(stored(leaf, CK_CERTIFICATE_CATEGORY_TOKEN_USER, true), CKR_OK);
  for (const bool has_key : {false, true})
    EXPECT_EQ(stored(leaf, CK_CERTIFICATE_CATEGORY_UNSPECIFIED, has_key), CKR_OK);
  EXPECT_EQ(stored(leaf, CK_CERTIFICATE_CATEGORY_AUTHORITY, true), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(stored(ca, CK_CERTIFICATE_CATEGORY_TOKEN_USER, false), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(stored(leaf, CK_CERTIFICATE_CATEGORY_OTHER_ENTITY, true), CKR_TEMPLATE_INCONSISTENT);
}

TEST(NewCertificate, NeedsNeitherLabelNorId) {
  const auto made = new_certificate(test_context(), certificate_template().flag(CKA_TOKEN, true));
  ASSERT_TRUE(made);
  EXPECT_TRUE(made.value().label.empty());
  EXPECT_TRUE(made.value().id.empty());
}

TEST(NewCertificate, RefusesWhatTheApplianceDoesNotKeep) {
  const auto refused = [](Wanted wanted) {
    return code(new_certificate(test_context(), wanted.flag(CKA_TOKEN, true)));
  };
  EXPECT_EQ(refused(certificate_template().flag(CKA_PRIVATE, true)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(refused(certificate_template().flag(CKA_MODIFIABLE, false)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(refused(certificate_template().flag(CKA_DESTROYABLE, false)),
            CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(refused(certificate_template().flag(CKA_TRUSTED, true)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(refused(certificate_template().flag(CKA_PRIVATE, false)), CKR_OK);
  EXPECT_EQ(refused(rsa_template()), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(code(new_certificate(test_context(), certificate_template())),
            CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(refused(certificate_template().bytes(CKA_ID, Bytes(256, 1))),
            CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(refused(certificate_template().bytes(CKA_ID, Bytes(64, 1))), CKR_OK);
  EXPECT_EQ(refused(certificate_template().number(CKA_CERTIFICATE_TYPE, CKC_WTLS)),
            CKR_TEMPLATE_INCONSISTENT);
}

TEST(Change, OfLabelAndId) {
  const auto change = change_of(*private_key(), Wanted().text(CKA_LABEL, "new").text(CKA_ID, "\7"));
  ASSERT_TRUE(change);
  EXPECT_EQ(text_of(*change.value().label), "new");
  EXPECT_EQ(*change.value().id, Bytes{7});
}

TEST(Change, ToTheSameValueChangesNothing) {
  const auto key = private_key();
  const auto change = change_of(*key, Wanted()
                                          .text(CKA_LABEL, "seal")
                                          .flag(CKA_SENSITIVE, true)
                                          .bytes(CKA_MODULUS, *key->find(CKA_MODULUS)));
  ASSERT_TRUE(change);
  EXPECT_TRUE(change.value().empty());
}

TEST(Change, OfAnythingElseIsRefused) {
  const auto key = private_key();
  EXPECT_EQ(code(change_of(*key, Wanted().flag(CKA_EXTRACTABLE, true))), CKR_ATTRIBUTE_READ_ONLY);
  EXPECT_EQ(code(change_of(*key, Wanted().flag(CKA_SIGN, false))), CKR_ATTRIBUTE_READ_ONLY);
  EXPECT_EQ(code(change_of(*key, Wanted().text(CKA_PRIME_1, "x"))), CKR_ATTRIBUTE_READ_ONLY);
  EXPECT_EQ(code(change_of(*key, Wanted().flag(CKA_WRAP, true))), CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(code(change_of(*key, Wanted().text(CKA_EC_POINT, "x"))), CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(code(change_of(*key, Wanted().bytes(CKA_ID, Bytes(256, 1)))),
            CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(code(change_of(*builtin_objects({}).front(), Wanted().text(CKA_LABEL, "x"))),
            CKR_ACTION_PROHIBITED);
}

TEST(WithChange, ChangesWhatIsGivenAndKeepsTheRest) {
  const auto before = token_certificate();
  const auto after = with_change(*before, {.label = copy_of(view_of("renamed")), .id = {}});
  EXPECT_EQ(text_in(*after, CKA_LABEL), "renamed");
  EXPECT_EQ(hex_in(*after, CKA_ID), "01");
  EXPECT_EQ(after->appliance_id, "c");
  EXPECT_EQ(text_in(*before, CKA_LABEL), "seal");
  for (const auto& rule : rules_of(CKO_CERTIFICATE)) {
    if (rule.type == CKA_LABEL) continue;
    EXPECT_EQ(hex_in(*after, rule.type), hex_in(*before, rule.type)) << rule.type;
  }
  EXPECT_EQ(text_in(*with_change(*after, {.label = Bytes{}, .id = {}}), CKA_LABEL), "");
}

TEST(Copy, OfAPrivateKeyIsProhibited) {
  EXPECT_EQ(code(session_copy_of(*private_key(), AttributeSet())), CKR_ACTION_PROHIBITED);
  EXPECT_EQ(code(session_copy_of(*builtin_objects({}).front(), AttributeSet())),
            CKR_ACTION_PROHIBITED);
}

TEST(Copy, IsASessionObjectThatTheApplianceKnowsNothingOf) {
  const auto copied = session_copy_of(*token_certificate(), Wanted().text(CKA_LABEL, "copy"));
  ASSERT_TRUE(copied);
  const auto copy = copied.value();
  EXPECT_FALSE(copy->is_token_object());
  EXPECT_EQ(copy->origin, Origin::none);
  EXPECT_TRUE(copy->appliance_id.empty());
  EXPECT_EQ(text_in(*copy, CKA_LABEL), "copy");
  EXPECT_EQ(hex_in(*copy, CKA_VALUE), to_hex(leaf_certificate()));
  EXPECT_NE(text_in(*copy, CKA_UNIQUE_ID), "c.certificate");
  EXPECT_TRUE(session_copy_of(*copy, AttributeSet()));
}

TEST(Copy, MayBeMadePrivateOrUnchangeable) {
  const auto copied = session_copy_of(*token_certificate(),
                                      Wanted().flag(CKA_PRIVATE, true).flag(CKA_MODIFIABLE, false));
  ASSERT_TRUE(copied);
  EXPECT_TRUE(copied.value()->is_private());
  EXPECT_EQ(code(change_of(*copied.value(), Wanted().text(CKA_LABEL, "x"))), CKR_ACTION_PROHIBITED);
  EXPECT_TRUE(session_copy_of(*copied.value(), Wanted().text(CKA_LABEL, "x")));
}

TEST(Copy, CannotBeATokenObjectOrDiffer) {
  EXPECT_EQ(code(session_copy_of(*token_certificate(), Wanted().flag(CKA_TOKEN, true))),
            CKR_TEMPLATE_INCONSISTENT);
  EXPECT_TRUE(session_copy_of(*token_certificate(), Wanted().flag(CKA_TOKEN, false)));
  EXPECT_EQ(code(session_copy_of(*token_certificate(), Wanted().text(CKA_SUBJECT, "x"))),
            CKR_ATTRIBUTE_READ_ONLY);
}

}  // namespace
}  // namespace signet::object
