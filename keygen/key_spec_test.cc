#include "keygen/key_spec.h"

#include <gtest/gtest.h>

#include <cstring>
#include <random>
#include <string>
#include <utility>
#include <vector>

namespace signet::keygen {
namespace {

using transport::Curve;
using transport::KeyType;

// A template under construction; it owns its values.
class Made {
 public:
  Made& flag(CK_ATTRIBUTE_TYPE type, bool value) {
    return bytes(type, {static_cast<std::uint8_t>(value ? CK_TRUE : CK_FALSE)});
  }
  Made& number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
    Bytes raw(sizeof value);
    std::memcpy(raw.data(), &value, sizeof value);
    return bytes(type, raw);
  }
  Made& text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
    return bytes(type, copy_of(view_of(value)));
  }
  Made& bytes(CK_ATTRIBUTE_TYPE type, Bytes value) {
    values_.emplace_back(type, std::move(value));
    return *this;
  }
  operator Template() const {
    entries_.clear();
    for (const auto& [type, value] : values_) entries_.push_back({type, value});
    return entries_;
  }

 private:
  std::vector<std::pair<CK_ATTRIBUTE_TYPE, Bytes>> values_;
  mutable std::vector<TemplateEntry> entries_;  // views of the values, made again for each use
};

const Bytes kP256 = *from_hex("06082a8648ce3d030107");
const Bytes kP384 = *from_hex("06052b81040022");
const Bytes kP521 = *from_hex("06052b81040023");
const Bytes kEd25519 = *from_hex("06032b6570");
const Bytes kSecp256k1 = *from_hex("06052b8104000a");

Bytes printable(std::string_view name) {
  std::string der = "\x13";
  der += static_cast<char>(name.size());
  der += name;
  return copy_of(view_of(der));
}

Made rsa(CK_ULONG bits = 3072) {
  Made made;
  made.number(CKA_MODULUS_BITS, bits);
  return made;
}

Made ec(const Bytes& params) {
  Made made;
  made.bytes(CKA_EC_PARAMS, params);
  return made;
}

CK_RV rsa_code(const Made& open, const Made& secret, const KeyPolicy& policy = {}) {
  const auto spec = key_spec(CKM_RSA_PKCS_KEY_PAIR_GEN, open, secret, policy);
  return spec ? CKR_OK : spec.error().rv;
}

CK_RV ec_code(const Bytes& params, CK_MECHANISM_TYPE mechanism = CKM_EC_KEY_PAIR_GEN) {
  const auto spec = key_spec(mechanism, ec(params), Made());
  return spec ? CKR_OK : spec.error().rv;
}

TEST(KeySpec, ReadsWhatPkcs11ToolSendsForRsa) {
  Made open;
  open.number(CKA_CLASS, CKO_PUBLIC_KEY).flag(CKA_TOKEN, true).number(CKA_MODULUS_BITS, 2048);
  open.bytes(CKA_PUBLIC_EXPONENT, {1, 0, 1}).flag(CKA_VERIFY, true).flag(CKA_ENCRYPT, true);
  open.number(CKA_KEY_TYPE, CKK_RSA).text(CKA_LABEL, "seal").bytes(CKA_ID, {1});
  open.flag(CKA_PRIVATE, false);
  Made secret;
  secret.number(CKA_CLASS, CKO_PRIVATE_KEY).flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true);
  secret.flag(CKA_SENSITIVE, true).flag(CKA_SIGN, true).flag(CKA_DECRYPT, true);
  secret.number(CKA_KEY_TYPE, CKK_RSA).text(CKA_LABEL, "seal").bytes(CKA_ID, {1});
  const auto spec = key_spec(CKM_RSA_PKCS_KEY_PAIR_GEN, open, secret);
  ASSERT_TRUE(spec) << spec.error().sentence;
  EXPECT_EQ(spec.value().type, KeyType::rsa);
  EXPECT_EQ(spec.value().bits, 2048U);
  EXPECT_EQ(text_of(spec.value().label), "seal");
  EXPECT_EQ(spec.value().cka_id, Bytes{1});
}

TEST(KeySpec, ReadsWhatPkcs11ToolSendsForEc) {
  Made open;
  open.number(CKA_CLASS, CKO_PUBLIC_KEY).flag(CKA_TOKEN, true).flag(CKA_VERIFY, true);
  open.flag(CKA_DERIVE, true).bytes(CKA_EC_PARAMS, kP256).number(CKA_KEY_TYPE, CKK_EC);
  Made secret;
  secret.number(CKA_CLASS, CKO_PRIVATE_KEY).flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true);
  secret.flag(CKA_SENSITIVE, true).flag(CKA_SIGN, true).flag(CKA_DERIVE, true);
  const auto spec = key_spec(CKM_EC_KEY_PAIR_GEN, open, secret);
  ASSERT_TRUE(spec) << spec.error().sentence;
  EXPECT_EQ(spec.value().type, KeyType::ec);
  EXPECT_EQ(spec.value().curve, Curve::p256);
  EXPECT_TRUE(spec.value().label.empty());
  EXPECT_TRUE(spec.value().cka_id.empty());
}

TEST(KeySpec, ReadsWhatNssSends) {
  Made open = rsa(2048);
  open.bytes(CKA_PUBLIC_EXPONENT, {1, 0, 1}).flag(CKA_TOKEN, true).flag(CKA_DERIVE, false);
  open.flag(CKA_WRAP, true).flag(CKA_VERIFY, true).flag(CKA_VERIFY_RECOVER, false);
  open.flag(CKA_ENCRYPT, true);
  Made secret;
  secret.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, true).flag(CKA_SENSITIVE, true);
  secret.flag(CKA_DERIVE, false).flag(CKA_UNWRAP, true).flag(CKA_SIGN, true);
  secret.flag(CKA_DECRYPT, true);
  EXPECT_EQ(rsa_code(open, secret), CKR_OK);
}

TEST(KeySpec, ReadsWhatGnuTlsSends) {
  const Bytes id(20, 7);
  Made open = rsa(2048);
  open.flag(CKA_TOKEN, true).flag(CKA_PRIVATE, false).bytes(CKA_ID, id).flag(CKA_ENCRYPT, true);
  open.flag(CKA_VERIFY, true).bytes(CKA_PUBLIC_EXPONENT, {1, 0, 1}).text(CKA_LABEL, "g");
  Made secret;
  secret.bytes(CKA_ID, id).flag(CKA_DECRYPT, true).flag(CKA_SIGN, true).flag(CKA_PRIVATE, true);
  secret.flag(CKA_TOKEN, true).text(CKA_LABEL, "g").flag(CKA_SENSITIVE, true);
  EXPECT_EQ(rsa_code(open, secret), CKR_OK);
}

TEST(KeySpec, ReadsWhatSunPkcs11Sends) {
  EXPECT_EQ(ec_code(kP256), CKR_OK);
  EXPECT_EQ(rsa_code(rsa().bytes(CKA_PUBLIC_EXPONENT, {1, 0, 1}), Made()), CKR_OK);
}

TEST(KeySpec, PassesOverUnknownAttributes) {
  Made secret;
  secret.bytes(CKA_VENDOR_DEFINED | 77UL, {1, 2, 3}).text(CKA_SUBJECT, "x");
  secret.text(CKA_START_DATE, "20260101").bytes(CKA_UNWRAP_TEMPLATE, Bytes(24, 0));
  EXPECT_EQ(rsa_code(rsa(), secret), CKR_OK);
}

TEST(KeySpec, RefusesAKeyThatCouldLeave) {
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_EXTRACTABLE, true)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_SENSITIVE, false)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_PRIVATE, false)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_EXTRACTABLE, false)), CKR_OK);
}

TEST(KeySpec, RefusesASessionKeyPair) {
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_TOKEN, false)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa().flag(CKA_TOKEN, false), Made().flag(CKA_TOKEN, true)), CKR_OK);
}

TEST(KeySpec, RefusesAKeyThatShallNotSign) {
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_SIGN, false)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_DECRYPT, true)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_DECRYPT, false)), CKR_OK);
}

TEST(KeySpec, RefusesRestrictionsThatNobodyWouldKeep) {
  EXPECT_EQ(rsa_code(rsa(), Made().number(CKA_ALLOWED_MECHANISMS, CKM_RSA_PKCS_PSS)),
            CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_DESTROYABLE, false)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().flag(CKA_MODIFIABLE, false)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa().flag(CKA_PRIVATE, true), Made()), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa().flag(CKA_TRUSTED, true), Made()), CKR_TEMPLATE_INCONSISTENT);
}

TEST(KeySpec, GrantsASecondCredentialOnlyWhereTheAccountHasOne) {
  const Made secret = Made().flag(CKA_ALWAYS_AUTHENTICATE, true);
  EXPECT_EQ(rsa_code(rsa(), secret), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), secret, {.second_credential = true}), CKR_OK);
  EXPECT_EQ(
      rsa_code(rsa(), Made().flag(CKA_ALWAYS_AUTHENTICATE, false), {.second_credential = true}),
      CKR_OK);
}

TEST(KeySpec, RefusesWhatOnlyTheApplianceSays) {
  for (const CK_ATTRIBUTE_TYPE type :
       {CKA_LOCAL, CKA_MODULUS, CKA_VALUE, CKA_PRIVATE_EXPONENT, CKA_PRIME_1, CKA_EC_POINT,
        CKA_PUBLIC_KEY_INFO, CKA_UNIQUE_ID, CKA_KEY_GEN_MECHANISM}) {
    EXPECT_EQ(rsa_code(rsa(), Made().bytes(type, {1})), CKR_ATTRIBUTE_READ_ONLY) << type;
    EXPECT_EQ(rsa_code(rsa().bytes(type, {1}), Made()), CKR_ATTRIBUTE_READ_ONLY) << type;
  }
}

TEST(KeySpec, WantsTheSizeOrTheCurve) {
  EXPECT_EQ(rsa_code(Made(), Made()), CKR_TEMPLATE_INCOMPLETE);
  const auto spec = key_spec(CKM_EC_KEY_PAIR_GEN, Made(), Made());
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().rv, CKR_TEMPLATE_INCOMPLETE);
}

TEST(KeySpec, TakesTheSizeFromThePrivateTemplateToo) {
  EXPECT_EQ(rsa_code(Made(), rsa(4096)), CKR_OK);
  EXPECT_EQ(rsa_code(rsa(2048), rsa(4096)), CKR_TEMPLATE_INCONSISTENT);
}

TEST(KeySpec, RefusesSizesOutOfRange) {
  for (const CK_ULONG bits : {0UL, 512UL, 1023UL, 2049UL, 16392UL, ~0UL})
    EXPECT_EQ(rsa_code(rsa(bits), Made()), CKR_KEY_SIZE_RANGE) << bits;
  for (const CK_ULONG bits : {1024UL, 2048UL, 3072UL, 4096UL, 16384UL})
    EXPECT_EQ(rsa_code(rsa(bits), Made()), CKR_OK) << bits;
}

TEST(KeySpec, TakesNoOtherExponentThan65537) {
  EXPECT_EQ(rsa_code(rsa().bytes(CKA_PUBLIC_EXPONENT, {0, 0, 1, 0, 1}), Made()), CKR_OK);
  EXPECT_EQ(rsa_code(rsa().bytes(CKA_PUBLIC_EXPONENT, {3}), Made()), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rsa_code(rsa().bytes(CKA_PUBLIC_EXPONENT, {}), Made()), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rsa_code(rsa().bytes(CKA_PUBLIC_EXPONENT, {1, 0, 1, 0}), Made()),
            CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(KeySpec, KnowsCurvesByIdentifierAndByName) {
  const std::pair<Bytes, Curve> curves[] = {
      {kP256, Curve::p256},
      {kP384, Curve::p384},
      {kP521, Curve::p521},
      {printable("secp256r1"), Curve::p256},
      {printable("prime256v1"), Curve::p256},
      {printable("secp384r1"), Curve::p384},
      {printable("secp521r1"), Curve::p521},
      {printable("P-521"), Curve::p521},
  };
  for (const auto& [params, curve] : curves) {
    const auto spec = key_spec(CKM_EC_KEY_PAIR_GEN, ec(params), Made());
    ASSERT_TRUE(spec) << to_hex(params);
    EXPECT_EQ(spec.value().curve, curve) << to_hex(params);
    EXPECT_EQ(spec.value().type, KeyType::ec);
    EXPECT_EQ(spec.value().bits, 0U);
  }
}

TEST(KeySpec, KnowsEd25519OnlyWithItsMechanism) {
  for (const Bytes& params : {kEd25519, printable("edwards25519")}) {
    const auto spec = key_spec(CKM_EC_EDWARDS_KEY_PAIR_GEN, ec(params), Made());
    ASSERT_TRUE(spec) << to_hex(params);
    EXPECT_EQ(spec.value().type, KeyType::edwards);
    EXPECT_EQ(ec_code(params), CKR_CURVE_NOT_SUPPORTED);
  }
  EXPECT_EQ(ec_code(kP256, CKM_EC_EDWARDS_KEY_PAIR_GEN), CKR_CURVE_NOT_SUPPORTED);
}

TEST(KeySpec, RefusesOtherCurvesAndUnreadableParameters) {
  EXPECT_EQ(ec_code(kSecp256k1), CKR_CURVE_NOT_SUPPORTED);
  EXPECT_EQ(ec_code(printable("brainpoolP256r1")), CKR_CURVE_NOT_SUPPORTED);
  EXPECT_EQ(ec_code({0x30, 0x03, 0x02, 0x01, 0x01}), CKR_CURVE_NOT_SUPPORTED);  // explicit
  EXPECT_EQ(ec_code({0x05, 0x00}), CKR_CURVE_NOT_SUPPORTED);                    // implicit
  EXPECT_EQ(ec_code({}), CKR_DOMAIN_PARAMS_INVALID);
  EXPECT_EQ(ec_code({0x06}), CKR_DOMAIN_PARAMS_INVALID);
  EXPECT_EQ(ec_code({0x06, 0x08, 0x2a}), CKR_DOMAIN_PARAMS_INVALID);
  Bytes longer = kP256;
  longer.push_back(0);
  EXPECT_EQ(ec_code(longer), CKR_DOMAIN_PARAMS_INVALID);
}

TEST(KeySpec, RefusesTemplatesThatContradictEachOther) {
  EXPECT_EQ(rsa_code(rsa(), Made().number(CKA_MODULUS_BITS, 4096)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa().number(CKA_CLASS, CKO_PRIVATE_KEY), Made()), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().number(CKA_CLASS, CKO_PUBLIC_KEY)), CKR_TEMPLATE_INCONSISTENT);
  EXPECT_EQ(rsa_code(rsa(), Made().number(CKA_KEY_TYPE, CKK_EC)), CKR_TEMPLATE_INCONSISTENT);
}

// jacknji11 and pkcs11js label the halves "… Public Key" and "… Private Key".
TEST(KeySpec, GivesBothHalvesTheNamesOfThePrivateOneWhereTheyDiffer) {
  const auto spec =
      key_spec(CKM_RSA_PKCS_KEY_PAIR_GEN, rsa().bytes(CKA_ID, {1}).text(CKA_LABEL, "public"),
               Made().bytes(CKA_ID, {2}).text(CKA_LABEL, "private"));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec.value().cka_id, Bytes{2});
  EXPECT_EQ(text_of(spec.value().label), "private");
  const auto unnamed = key_spec(CKM_RSA_PKCS_KEY_PAIR_GEN, rsa().text(CKA_LABEL, "public"),
                                Made().text(CKA_LABEL, ""));
  ASSERT_TRUE(unnamed);
  EXPECT_EQ(text_of(unnamed.value().label), "public");
}

TEST(KeySpec, TakesIdAndLabelFromEitherTemplate) {
  const auto spec = key_spec(CKM_RSA_PKCS_KEY_PAIR_GEN, rsa().bytes(CKA_ID, Bytes(64, 9)),
                             Made().text(CKA_LABEL, "only here"));
  ASSERT_TRUE(spec);
  EXPECT_EQ(spec.value().cka_id, Bytes(64, 9));
  EXPECT_EQ(text_of(spec.value().label), "only here");
  EXPECT_EQ(rsa_code(rsa().bytes(CKA_ID, Bytes(256, 9)), Made()), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rsa_code(rsa().bytes(CKA_LABEL, Bytes(1025, 'x')), Made()),
            CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(KeySpec, RefusesValuesOfTheWrongLength) {
  EXPECT_EQ(rsa_code(Made().bytes(CKA_MODULUS_BITS, {1, 2}), Made()), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rsa_code(rsa(), Made().bytes(CKA_SIGN, {1, 0})), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rsa_code(rsa(), Made().bytes(CKA_CLASS, {})), CKR_ATTRIBUTE_VALUE_INVALID);
  EXPECT_EQ(rsa_code(rsa(), Made().bytes(CKA_DECRYPT, {})), CKR_ATTRIBUTE_VALUE_INVALID);
}

TEST(KeySpec, KnowsNoOtherMechanism) {
  const auto spec = key_spec(CKM_AES_KEY_GEN, rsa(), Made());
  ASSERT_FALSE(spec);
  EXPECT_EQ(spec.error().rv, CKR_MECHANISM_INVALID);
}

TEST(KeySpec, GivesASentenceWithEachRefusal) {
  const auto spec = key_spec(CKM_RSA_PKCS_KEY_PAIR_GEN, rsa(), Made().flag(CKA_EXTRACTABLE, true));
  ASSERT_FALSE(spec);
  EXPECT_NE(spec.error().sentence.find("CKA_EXTRACTABLE in the private template"),
            std::string::npos);
}

TEST(KeySpec, AnswersGarbageWithoutHarm) {
  std::mt19937 random(20260301);
  const CK_ATTRIBUTE_TYPE types[] = {
      CKA_CLASS,   CKA_TOKEN,           CKA_KEY_TYPE, CKA_LABEL,        CKA_ID,
      CKA_SIGN,    CKA_EC_PARAMS,       CKA_DECRYPT,  CKA_MODULUS_BITS, CKA_SENSITIVE,
      CKA_TRUSTED, CKA_PUBLIC_EXPONENT, CKA_WRAP};
  int refused = 0;
  for (int round = 0; round < 5000; ++round) {
    Made templates[2];
    for (Made& made : templates) {
      for (const auto type : types) {
        if (random() % 4 != 0) continue;
        Bytes value(random() % 12);
        for (auto& byte : value) byte = static_cast<std::uint8_t>(random() % 8);
        made.bytes(type, value);
      }
    }
    const auto mechanism = random() % 2 == 0 ? CKM_EC_KEY_PAIR_GEN : CKM_RSA_PKCS_KEY_PAIR_GEN;
    const auto spec = key_spec(mechanism, templates[0], templates[1]);
    if (spec) continue;
    ++refused;
    EXPECT_NE(spec.error().rv, CKR_OK);
    EXPECT_FALSE(spec.error().sentence.empty());
  }
  EXPECT_GT(refused, 4900);
}

}  // namespace
}  // namespace signet::keygen
