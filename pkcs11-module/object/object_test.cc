#include "pkcs11-module/object/object.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <vector>

#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {
namespace {

using crypto::test_context;

struct Pair {
  ObjectPtr secret;
  ObjectPtr open;
};

Pair pair_of(const transport::KeyInfo& key, const KeyTraits& traits = {}) {
  auto made = objects_of_key(test_context(), key, traits);
  EXPECT_TRUE(made);
  if (!made) return {};
  return {made.value().first, made.value().second};
}

ObjectPtr certificate_of(const transport::CertificateInfo& info) {
  auto made = object_of_certificate(test_context(), info);
  EXPECT_TRUE(made);
  return made ? made.value() : nullptr;
}

// What C_GetAttributeValue answers for one attribute with a buffer of 8192 bytes.
CK_RV read_code(const Object& object, CK_ATTRIBUTE_TYPE type, Bytes* value = nullptr) {
  Bytes buffer(8192);
  CK_ATTRIBUTE wanted{type, buffer.data(), buffer.size()};
  const auto result = read_attributes(object, &wanted, 1);
  if (result && value != nullptr) *value = copy_of(ByteView(buffer).first(wanted.ulValueLen));
  return result ? CKR_OK : result.error().rv;
}

TEST(PrivateKey, ShowsEveryAttributeOfItsClass) {
  for (const auto& key : {rsa_key("k"), ec_key("k")}) {
    const auto object = pair_of(key).secret;
    for (const auto type : {CKA_CLASS,
                            CKA_TOKEN,
                            CKA_PRIVATE,
                            CKA_MODIFIABLE,
                            CKA_COPYABLE,
                            CKA_DESTROYABLE,
                            CKA_LABEL,
                            CKA_ID,
                            CKA_KEY_TYPE,
                            CKA_START_DATE,
                            CKA_END_DATE,
                            CKA_DERIVE,
                            CKA_LOCAL,
                            CKA_KEY_GEN_MECHANISM,
                            CKA_SUBJECT,
                            CKA_SENSITIVE,
                            CKA_DECRYPT,
                            CKA_SIGN,
                            CKA_SIGN_RECOVER,
                            CKA_UNWRAP,
                            CKA_EXTRACTABLE,
                            CKA_ALWAYS_SENSITIVE,
                            CKA_NEVER_EXTRACTABLE,
                            CKA_WRAP_WITH_TRUSTED,
                            CKA_ALWAYS_AUTHENTICATE,
                            CKA_PUBLIC_KEY_INFO,
                            CKA_UNIQUE_ID})
      EXPECT_EQ(read_code(*object, type), CKR_OK) << type;
  }
}

TEST(PrivateKey, SaysWhatAnApplianceDoes) {
  const auto object = pair_of(rsa_key("k")).secret;
  for (const auto type : {CKA_TOKEN, CKA_PRIVATE, CKA_MODIFIABLE, CKA_DESTROYABLE, CKA_LOCAL,
                          CKA_SENSITIVE, CKA_SIGN, CKA_ALWAYS_SENSITIVE, CKA_NEVER_EXTRACTABLE})
    EXPECT_TRUE(object->flag(type)) << type;
  for (const auto type : {CKA_COPYABLE, CKA_DERIVE, CKA_DECRYPT, CKA_SIGN_RECOVER, CKA_UNWRAP,
                          CKA_EXTRACTABLE, CKA_WRAP_WITH_TRUSTED, CKA_ALWAYS_AUTHENTICATE})
    EXPECT_FALSE(object->flag(type)) << type;
  EXPECT_EQ(object->number(CKA_CLASS), CKO_PRIVATE_KEY);
  EXPECT_EQ(text_in(*object, CKA_LABEL), "seal");
  EXPECT_EQ(hex_in(*object, CKA_ID), "01");
  EXPECT_EQ(text_in(*object, CKA_START_DATE), "");
  EXPECT_EQ(object->origin, Origin::appliance_key);
  EXPECT_EQ(object->appliance_id, "k");
  EXPECT_TRUE(object->can_sign);
}

TEST(PrivateKey, OfRsaShowsModulusAndExponentButNothingOfEc) {
  const auto object = pair_of(rsa_key("k")).secret;
  EXPECT_EQ(object->number(CKA_KEY_TYPE), CKK_RSA);
  EXPECT_EQ(object->number(CKA_KEY_GEN_MECHANISM), CKM_RSA_PKCS_KEY_PAIR_GEN);
  EXPECT_EQ(object->find(CKA_MODULUS)->size(), 256U);
  EXPECT_EQ(hex_in(*object, CKA_PUBLIC_EXPONENT), "010001");
  EXPECT_EQ(hex_in(*object, CKA_PUBLIC_KEY_INFO), to_hex(rsa_key("k").public_key));
  EXPECT_EQ(read_code(*object, CKA_EC_PARAMS), CKR_ATTRIBUTE_TYPE_INVALID);
  EXPECT_EQ(read_code(*object, CKA_EC_POINT), CKR_ATTRIBUTE_TYPE_INVALID);
}

TEST(PrivateKey, OfEcShowsCurveAndPointButNothingOfRsa) {
  const auto object = pair_of(ec_key("k")).secret;
  EXPECT_EQ(object->number(CKA_KEY_TYPE), CKK_EC);
  EXPECT_EQ(object->number(CKA_KEY_GEN_MECHANISM), CKM_EC_KEY_PAIR_GEN);
  EXPECT_EQ(hex_in(*object, CKA_EC_PARAMS), "06082a8648ce3d030107");
  EXPECT_EQ(hex_in(*object, CKA_EC_POINT).substr(0, 6), "044104");  // DER, uncompressed
  for (const auto type : {CKA_MODULUS, CKA_PUBLIC_EXPONENT, CKA_PRIVATE_EXPONENT, CKA_MODULUS_BITS})
    EXPECT_EQ(read_code(*object, type), CKR_ATTRIBUTE_TYPE_INVALID) << type;
}

TEST(PrivateKey, OnAnEdwardsCurveSaysSo) {
  auto key = ec_key("k");
  key.type = transport::KeyType::edwards;
  key.public_key = crypto::TestKey::on_curve("ED25519").spki();
  const auto object = pair_of(key).secret;
  EXPECT_EQ(object->number(CKA_KEY_TYPE), CKK_EC_EDWARDS);
  EXPECT_EQ(object->number(CKA_KEY_GEN_MECHANISM), CKM_EC_EDWARDS_KEY_PAIR_GEN);
  EXPECT_EQ(object->find(CKA_EC_POINT)->size(), 32U);
}

TEST(Keys, OnAnEdwardsCurveShowAWrappedPointWhereTheConfigurationSaysSo) {
  auto key = ec_key("k");
  key.type = transport::KeyType::edwards;
  key.public_key = crypto::TestKey::on_curve("ED25519").spki();
  KeyTraits traits;
  traits.wrapped_points = true;
  const auto pair = objects_of_key(crypto::test_context(), key, traits).value();
  for (const auto& half : {pair.first, pair.second}) {
    const auto point = half->find(CKA_EC_POINT);
    ASSERT_TRUE(point);
    EXPECT_EQ(to_hex(*point).substr(0, 4), "0420");
    EXPECT_TRUE(equal(point->subspan(2), half->public_key->ec_point()));
  }
}

TEST(PrivateKey, NeverShowsKeyMaterial) {
  const auto rsa = pair_of(rsa_key("k")).secret;
  for (const auto type : {CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_PRIME_2, CKA_EXPONENT_1,
                          CKA_EXPONENT_2, CKA_COEFFICIENT}) {
    EXPECT_EQ(read_code(*rsa, type), CKR_ATTRIBUTE_SENSITIVE) << type;
    EXPECT_FALSE(rsa->find(type)) << type;
  }
  const auto ec = pair_of(ec_key("k")).secret;
  EXPECT_EQ(read_code(*ec, CKA_VALUE), CKR_ATTRIBUTE_SENSITIVE);
  EXPECT_EQ(read_code(*rsa, CKA_VALUE), CKR_ATTRIBUTE_TYPE_INVALID);
}

TEST(PrivateKey, ThatIsDisabledCannotSign) {
  auto key = rsa_key("k");
  key.active = false;
  const auto object = pair_of(key).secret;
  EXPECT_FALSE(object->flag(CKA_SIGN));
  EXPECT_FALSE(object->can_sign);
}

TEST(PrivateKey, AsksForASecondCredentialWhereTheAccountDoes) {
  KeyTraits traits;
  traits.always_authenticate = true;
  EXPECT_TRUE(pair_of(rsa_key("k"), traits).secret->flag(CKA_ALWAYS_AUTHENTICATE));
}

std::shared_ptr<const Bytes> list_of(std::vector<CK_MECHANISM_TYPE> mechanisms) {
  const auto* start = reinterpret_cast<const std::uint8_t*>(mechanisms.data());
  return std::make_shared<const Bytes>(start,
                                       start + sizeof(CK_MECHANISM_TYPE) * mechanisms.size());
}

TEST(PrivateKey, ListsTheMechanismsThatSignWhereTheyAreKnown) {
  EXPECT_EQ(read_code(*pair_of(rsa_key("k")).secret, CKA_ALLOWED_MECHANISMS),
            CKR_ATTRIBUTE_TYPE_INVALID);
  KeyTraits traits;
  const auto verifying = list_of({CKM_RSA_PKCS, CKM_SHA1_RSA_PKCS});
  const auto signing = list_of({CKM_RSA_PKCS});
  traits.mechanisms[0] = {verifying, signing, 2048, 4096};
  Bytes value;
  ASSERT_EQ(read_code(*pair_of(rsa_key("k"), traits).secret, CKA_ALLOWED_MECHANISMS, &value),
            CKR_OK);
  EXPECT_TRUE(equal(value, *signing));
  ASSERT_EQ(read_code(*pair_of(rsa_key("k"), traits).open, CKA_ALLOWED_MECHANISMS, &value), CKR_OK);
  EXPECT_TRUE(equal(value, *verifying));
  EXPECT_FALSE(pair_of(ec_key("k"), traits).secret->find(CKA_ALLOWED_MECHANISMS));
}

TEST(PrivateKey, ListsNoMechanismWhereItIsDisabledOrTheApplianceSignsWithOtherSizesOnly) {
  KeyTraits traits;
  traits.mechanisms[0] = {nullptr, list_of({CKM_RSA_PKCS}), 3072, 4096};
  auto key = rsa_key("k");
  EXPECT_TRUE(pair_of(key, traits).secret->find(CKA_ALLOWED_MECHANISMS)->empty());
  traits.mechanisms[0].least_bits = 2048;
  EXPECT_FALSE(pair_of(key, traits).secret->find(CKA_ALLOWED_MECHANISMS)->empty());
  key.active = false;
  EXPECT_TRUE(pair_of(key, traits).secret->find(CKA_ALLOWED_MECHANISMS)->empty());
}

TEST(PublicKey, ShowsEveryAttributeOfItsClass) {
  for (const auto& key : {rsa_key("k"), ec_key("k")}) {
    const auto object = pair_of(key).open;
    for (const auto type : {CKA_CLASS,
                            CKA_TOKEN,
                            CKA_PRIVATE,
                            CKA_MODIFIABLE,
                            CKA_COPYABLE,
                            CKA_DESTROYABLE,
                            CKA_LABEL,
                            CKA_ID,
                            CKA_KEY_TYPE,
                            CKA_START_DATE,
                            CKA_END_DATE,
                            CKA_DERIVE,
                            CKA_LOCAL,
                            CKA_KEY_GEN_MECHANISM,
                            CKA_SUBJECT,
                            CKA_ENCRYPT,
                            CKA_VERIFY,
                            CKA_VERIFY_RECOVER,
                            CKA_WRAP,
                            CKA_TRUSTED,
                            CKA_PUBLIC_KEY_INFO,
                            CKA_UNIQUE_ID})
      EXPECT_EQ(read_code(*object, type), CKR_OK) << type;
    EXPECT_FALSE(object->is_private());
    EXPECT_TRUE(object->flag(CKA_VERIFY));
    EXPECT_FALSE(object->flag(CKA_ENCRYPT));
  }
  EXPECT_EQ(pair_of(rsa_key("k")).open->number(CKA_MODULUS_BITS), 2048U);
  EXPECT_EQ(read_code(*pair_of(ec_key("k")).open, CKA_MODULUS_BITS), CKR_ATTRIBUTE_TYPE_INVALID);
}

TEST(PublicKey, SharesIdAndLabelButNotTheUniqueIdWithItsPrivateHalf) {
  const auto pair = pair_of(rsa_key("k"));
  EXPECT_EQ(hex_in(*pair.open, CKA_ID), hex_in(*pair.secret, CKA_ID));
  EXPECT_EQ(text_in(*pair.open, CKA_LABEL), text_in(*pair.secret, CKA_LABEL));
  EXPECT_EQ(text_in(*pair.open, CKA_UNIQUE_ID), "k.public");
  EXPECT_EQ(text_in(*pair.secret, CKA_UNIQUE_ID), "k.private");
  EXPECT_EQ(pair.open->public_key, pair.secret->public_key);
}

TEST(Key, ThatCannotBeParsedIsRefused) {
  auto key = rsa_key("k");
  key.public_key.pop_back();
  EXPECT_FALSE(objects_of_key(test_context(), key, {}));
}

TEST(Certificate, ShowsEveryAttributeOfItsClass) {
  const auto object = certificate_of(certificate_info("c", leaf_certificate()));
  EXPECT_EQ(object->number(CKA_CLASS), CKO_CERTIFICATE);
  EXPECT_EQ(object->number(CKA_CERTIFICATE_TYPE), CKC_X_509);
  EXPECT_TRUE(object->flag(CKA_TOKEN));
  EXPECT_FALSE(object->flag(CKA_PRIVATE));
  EXPECT_FALSE(object->flag(CKA_TRUSTED));
  EXPECT_EQ(text_in(*object, CKA_START_DATE), "19991231");
  EXPECT_EQ(text_in(*object, CKA_END_DATE), "20301231");
  EXPECT_EQ(hex_in(*object, CKA_CHECK_VALUE), "24eba4");  // SHA-1 as OpenSSL computes it
  EXPECT_EQ(hex_in(*object, CKA_SERIAL_NUMBER), "02141d553eac7c7fa4a91d6154f639c393f343922b7d");
  EXPECT_EQ(hex_in(*object, CKA_VALUE), to_hex(leaf_certificate()));
  EXPECT_EQ(text_in(*object, CKA_URL), "");
  EXPECT_EQ(hex_in(*object, CKA_HASH_OF_SUBJECT_PUBLIC_KEY), "");
  EXPECT_EQ(hex_in(*object, CKA_HASH_OF_ISSUER_PUBLIC_KEY), "");
  EXPECT_EQ(object->number(CKA_JAVA_MIDP_SECURITY_DOMAIN), 0U);
  EXPECT_EQ(object->number(CKA_NAME_HASH_ALGORITHM), CKM_SHA_1);
  EXPECT_EQ(text_in(*object, CKA_UNIQUE_ID), "c.certificate");
  ASSERT_TRUE(object->public_key);
  EXPECT_EQ(hex_in(*object, CKA_PUBLIC_KEY_INFO), to_hex(object->public_key->spki()));
}

TEST(Certificate, SaysWhoseItIs) {
  auto tied = certificate_info("c", leaf_certificate());
  EXPECT_EQ(certificate_of(tied)->number(CKA_CERTIFICATE_CATEGORY),
            CK_CERTIFICATE_CATEGORY_UNSPECIFIED);
  tied.key_id = "k";
  EXPECT_EQ(certificate_of(tied)->number(CKA_CERTIFICATE_CATEGORY),
            CK_CERTIFICATE_CATEGORY_TOKEN_USER);
  EXPECT_EQ(
      certificate_of(certificate_info("r", root_certificate()))->number(CKA_CERTIFICATE_CATEGORY),
      CK_CERTIFICATE_CATEGORY_AUTHORITY);
}

TEST(Certificate, ThatIsNoneIsRefused) {
  const auto made = object_of_certificate(test_context(), certificate_info("c", {1, 2, 3}));
  ASSERT_FALSE(made);
  EXPECT_EQ(made.error().rv, CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(Builtin, ProfilesMechanismsAndOneEmptyScreen) {
  const CK_MECHANISM_TYPE mechanisms[] = {CKM_RSA_PKCS, CKM_ECDSA};
  const auto objects = builtin_objects(mechanisms);
  std::vector<CK_ULONG> profiles;
  std::vector<CK_ULONG> shown;
  for (const auto& object : objects) {
    EXPECT_TRUE(object->is_token_object());
    EXPECT_FALSE(object->flag(CKA_DESTROYABLE));
    if (const auto profile = object->number(CKA_PROFILE_ID)) profiles.push_back(*profile);
    if (const auto mechanism = object->number(CKA_MECHANISM_TYPE)) shown.push_back(*mechanism);
  }
  EXPECT_EQ(profiles, (std::vector<CK_ULONG>{1, 2, 3, 4}));
  EXPECT_EQ(shown, (std::vector<CK_ULONG>{CKM_RSA_PKCS, CKM_ECDSA}));
  EXPECT_EQ(objects.back()->number(CKA_HW_FEATURE_TYPE), CKH_USER_INTERFACE);
  EXPECT_EQ(objects.back()->number(CKA_PIXEL_X), 0U);
}

TEST(Matches, WantsEveryAttributeWithItsValue) {
  const auto pair = pair_of(rsa_key("k"));
  EXPECT_TRUE(matches(*pair.secret, AttributeSet()));
  EXPECT_TRUE(
      matches(*pair.secret, Wanted().number(CKA_CLASS, CKO_PRIVATE_KEY).text(CKA_ID, "\1")));
  EXPECT_FALSE(matches(*pair.open, Wanted().number(CKA_CLASS, CKO_PRIVATE_KEY)));
  EXPECT_FALSE(matches(*pair.secret, Wanted().text(CKA_LABEL, "sea")));
  EXPECT_FALSE(matches(*pair.secret, Wanted().text(CKA_TOKEN, "\1\1")));
  EXPECT_FALSE(matches(*pair.secret, Wanted().bytes(CKA_PRIME_1, {})));
  EXPECT_TRUE(matches(*pair.secret, Wanted().bytes(CKA_MODULUS, *pair.open->find(CKA_MODULUS))));
}

TEST(Matches, FindsMechanismsAndFeaturesOnlyByClass) {
  const CK_MECHANISM_TYPE mechanisms[] = {CKM_ECDSA};
  for (const auto& object : builtin_objects(mechanisms)) {
    const auto object_class = *object->number(CKA_CLASS);
    EXPECT_EQ(matches(*object, AttributeSet()), object_class == CKO_PROFILE);
    EXPECT_TRUE(matches(*object, Wanted().number(CKA_CLASS, object_class)));
  }
}

TEST(ReadAttributes, GivesLengthsFirstAndThenValues) {
  const auto object = pair_of(rsa_key("k")).secret;
  CK_ATTRIBUTE wanted[] = {{CKA_LABEL, nullptr, 0}, {CKA_MODULUS, nullptr, 7}};
  ASSERT_TRUE(read_attributes(*object, wanted, 2));
  EXPECT_EQ(wanted[0].ulValueLen, 4U);
  EXPECT_EQ(wanted[1].ulValueLen, 256U);
}

TEST(ReadAttributes, FillsWhatItCanAndReportsTheGravest) {
  const auto object = pair_of(rsa_key("k")).secret;
  char label[16] = {};
  char small[2] = {'x', 'x'};
  CK_ATTRIBUTE wanted[] = {{CKA_MODULUS, small, 2},
                           {CKA_WRAP, small, 2},
                           {CKA_PRIME_1, small, 2},
                           {CKA_LABEL, label, sizeof label}};
  auto result = read_attributes(*object, wanted, 4);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().rv, CKR_ATTRIBUTE_SENSITIVE);
  for (int i = 0; i < 3; ++i) EXPECT_EQ(wanted[i].ulValueLen, CK_UNAVAILABLE_INFORMATION);
  EXPECT_EQ(small[0], 'x');
  EXPECT_EQ(wanted[3].ulValueLen, 4U);
  EXPECT_EQ(std::string(label), "seal");
  wanted[0].ulValueLen = 2;
  result = read_attributes(*object, wanted, 1);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.error().rv, CKR_BUFFER_TOO_SMALL);
}

TEST(ReadAttributes, WritesAtAnyAlignment) {
  const auto object = pair_of(rsa_key("k")).secret;
  for (std::size_t shift = 0; shift < 16; ++shift) {
    Bytes value(64);
    CK_ATTRIBUTE wanted{CKA_CLASS, value.data() + shift, sizeof(CK_ULONG)};
    Bytes raw(sizeof wanted + shift);
    std::memcpy(raw.data() + shift, &wanted, sizeof wanted);
    ASSERT_TRUE(read_attributes(*object, reinterpret_cast<CK_ATTRIBUTE*>(raw.data() + shift), 1));
    EXPECT_EQ(number_in(ByteView(value).subspan(shift, sizeof(CK_ULONG))), CKO_PRIVATE_KEY);
  }
}

TEST(ReadAttributes, RefusesNullAndTooMany) {
  const auto object = pair_of(rsa_key("k")).secret;
  EXPECT_EQ(read_attributes(*object, nullptr, 1).error().rv, CKR_ARGUMENTS_BAD);
  EXPECT_TRUE(read_attributes(*object, nullptr, 0));
  std::vector<CK_ATTRIBUTE> many(kMaxTemplateCount + 1, CK_ATTRIBUTE{CKA_LABEL, nullptr, 0});
  EXPECT_EQ(read_attributes(*object, many.data(), many.size()).error().rv, CKR_ARGUMENTS_BAD);
}

TEST(SizeOf, IsTheSumOfTheValues) {
  const auto pair = pair_of(rsa_key("k"));
  CK_ULONG sum = 0;
  for (const auto& rule : rules_of(CKO_PUBLIC_KEY)) {
    const auto value = pair.open->find(rule.type);
    if (value && rule.family != Family::ec) sum += value->size();
  }
  EXPECT_EQ(size_of(*pair.open), sum);
  EXPECT_GT(size_of(*pair.secret), 256U + 294U);
}

}  // namespace
}  // namespace signet::object
