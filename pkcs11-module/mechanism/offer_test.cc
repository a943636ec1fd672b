#include "pkcs11-module/mechanism/offer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <set>

#include "crypto/testing/test_key.h"
#include "dsa-transport/native/wire_objects.h"

namespace signet::mechanism {
namespace {

using crypto::Hash;
using crypto::rv_of;
using crypto::Scheme;
using transport::ApplianceInfo;
using transport::Curve;
using transport::Hash;

ApplianceInfo everything() {
  ApplianceInfo info;
  info.rsa_bits = {3072, 2048, 8192};
  info.curves = {Curve::p384, Curve::p256, Curve::ed25519};
  info.algorithms = {Scheme::rsa_pkcs1, Scheme::rsa_pss, Scheme::rsa_raw, Scheme::ecdsa,
                     Scheme::eddsa};
  info.hashes = {Hash::sha1, Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512};
  info.raw_pkcs1 = true;
  return info;
}

// What the mechanism is listed with; 0 where it is not listed.
CK_FLAGS flags(const Offer& offer, CK_MECHANISM_TYPE type) {
  const auto info = offer.info(type);
  const auto list = offer.list();
  EXPECT_EQ(std::ranges::count(list, type), info ? 1 : 0);
  return info ? info.assume_value().flags : 0;
}

bool signs(const Offer& offer, CK_MECHANISM_TYPE type) {
  const CK_FLAGS listed = flags(offer, type);
  const bool sign = (listed & CKF_SIGN) != 0;
  EXPECT_EQ((listed & CKF_MESSAGE_SIGN) != 0, sign);
  EXPECT_EQ((listed & CKF_HW) != 0, sign);
  EXPECT_EQ(rv_of(offer.for_use(type, CKF_SIGN)), sign ? CKR_OK : CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.for_use(type, CKF_MESSAGE_SIGN)), sign ? CKR_OK : CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.for_use(type, CKF_VERIFY)), CKR_OK);
  EXPECT_EQ(rv_of(offer.for_use(type, CKF_MESSAGE_VERIFY)), CKR_OK);
  return sign;
}

TEST(Offer, OfAnApplianceThatCanEverythingIsTheWholeTable) {
  const Offer offer(everything(), true);
  EXPECT_EQ(offer.list().size(), crypto::mechanisms().size());
  for (const Mechanism& row : crypto::mechanisms()) {
    const CK_FLAGS listed = flags(offer, row.type);
    EXPECT_EQ(listed & ~CKF_HW, row.flags) << row.name;
    EXPECT_EQ((listed & CKF_HW) != 0, (row.flags & CKF_DIGEST) == 0) << row.name;
  }
}

TEST(Offer, OfAnApplianceThatStoresNothingMakesNoKeys) {
  transport::ApplianceInfo info = transport::native::contract_minimum();
  info.stores_objects = false;
  const Offer offer(info, false);
  for (const CK_MECHANISM_TYPE type : {CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_EC_KEY_PAIR_GEN}) {
    EXPECT_EQ(flags(offer, type), 0U) << type;
    EXPECT_FALSE(offer.for_use(type, CKF_GENERATE_KEY_PAIR));
  }
  EXPECT_TRUE(signs(offer, CKM_SHA256_RSA_PKCS));
}

TEST(Offer, OfTheContractsMinimum) {
  const Offer offer(transport::native::contract_minimum(), false);
  EXPECT_TRUE(offer.raw_pkcs1());
  EXPECT_TRUE(signs(offer, CKM_RSA_PKCS));
  EXPECT_TRUE(signs(offer, CKM_SHA224_RSA_PKCS));  // as a ready DigestInfo
  EXPECT_TRUE(signs(offer, CKM_SHA256_RSA_PKCS_PSS));
  EXPECT_EQ(flags(offer, CKM_SHA224_RSA_PKCS_PSS), 0U) << "listed only where it signs";
  EXPECT_TRUE(signs(offer, CKM_ECDSA_SHA224));
  EXPECT_FALSE(signs(offer, CKM_SHA1_RSA_PKCS));
  EXPECT_EQ(flags(offer, CKM_RSA_X_509), 0U);
  EXPECT_EQ(flags(offer, CKM_EDDSA), 0U);
  EXPECT_EQ(flags(offer, CKM_EC_EDWARDS_KEY_PAIR_GEN), 0U);
  const auto rsa = offer.info(CKM_RSA_PKCS_KEY_PAIR_GEN);
  ASSERT_TRUE(rsa);
  EXPECT_EQ(rsa.value().ulMinKeySize, 2048U);
  EXPECT_EQ(rsa.value().ulMaxKeySize, 4096U);
  const auto ec = offer.info(CKM_EC_KEY_PAIR_GEN);
  ASSERT_TRUE(ec);
  EXPECT_EQ(ec.value().ulMinKeySize, 256U);
  EXPECT_EQ(ec.value().ulMaxKeySize, 521U);
}

TEST(Offer, ShowsTheAppliancesKeySizes) {
  const Offer offer(everything(), true);
  EXPECT_EQ(offer.info(CKM_SHA256_RSA_PKCS).value().ulMinKeySize, 2048U);
  EXPECT_EQ(offer.info(CKM_SHA256_RSA_PKCS).value().ulMaxKeySize, 8192U);
  EXPECT_EQ(offer.info(CKM_ECDSA).value().ulMinKeySize, 256U);
  EXPECT_EQ(offer.info(CKM_ECDSA).value().ulMaxKeySize, 384U);
  EXPECT_EQ(offer.info(CKM_EDDSA).value().ulMinKeySize, 255U);
  EXPECT_EQ(offer.info(CKM_SHA256).value().ulMaxKeySize, 0U);
}

TEST(Offer, SignsWithSha1OnlyWhereConfigured) {
  const std::set<CK_MECHANISM_TYPE> sha1 = {CKM_SHA1_RSA_PKCS, CKM_SHA1_RSA_PKCS_PSS,
                                            CKM_ECDSA_SHA1};
  const Offer without(everything(), false);
  const Offer with(everything(), true);
  for (const Mechanism& row : crypto::mechanisms()) {
    if (!row.scheme) continue;
    EXPECT_EQ(signs(without, row.type), !sha1.contains(row.type)) << row.name;
    EXPECT_TRUE(signs(with, row.type)) << row.name;
  }
  EXPECT_EQ(flags(without, CKM_SHA1_RSA_PKCS), CKF_VERIFY | CKF_MESSAGE_VERIFY);
  EXPECT_NE(flags(without, CKM_SHA_1), 0U);
}

TEST(Offer, LeavesVerificationWhereTheApplianceHasNoSuchKeys) {
  ApplianceInfo info = everything();
  info.rsa_bits.clear();
  info.curves.clear();
  info.algorithms = {};
  const Offer offer(info, true);
  for (const Mechanism& row : crypto::mechanisms()) {
    if (!row.scheme) continue;
    EXPECT_FALSE(signs(offer, row.type)) << row.name;
  }
  EXPECT_EQ(offer.info(CKM_RSA_PKCS).value().ulMinKeySize, 1024U);
  EXPECT_EQ(offer.info(CKM_RSA_PKCS).value().ulMaxKeySize, 16384U);
  EXPECT_EQ(offer.info(CKM_ECDSA).value().ulMaxKeySize, 521U);
  EXPECT_EQ(flags(offer, CKM_RSA_X_509), 0U);
  EXPECT_EQ(flags(offer, CKM_EDDSA), 0U);
  for (const auto type :
       {CKM_RSA_PKCS_KEY_PAIR_GEN, CKM_EC_KEY_PAIR_GEN, CKM_EC_EDWARDS_KEY_PAIR_GEN}) {
    EXPECT_EQ(flags(offer, type), 0U);
    EXPECT_EQ(rv_of(offer.for_use(type, CKF_GENERATE_KEY_PAIR)), CKR_MECHANISM_INVALID);
  }
}

TEST(Offer, FollowsTheAppliancesAlgorithmsOneByOne) {
  const auto without = [](Scheme missing) {
    ApplianceInfo info = everything();
    std::erase(info.algorithms, missing);
    return Offer(info, true);
  };
  EXPECT_FALSE(signs(without(Scheme::rsa_pkcs1), CKM_RSA_PKCS));
  EXPECT_FALSE(signs(without(Scheme::rsa_pkcs1), CKM_SHA256_RSA_PKCS));
  EXPECT_TRUE(signs(without(Scheme::rsa_pkcs1), CKM_SHA256_RSA_PKCS_PSS));
  EXPECT_FALSE(signs(without(Scheme::rsa_pss), CKM_RSA_PKCS_PSS));
  EXPECT_FALSE(signs(without(Scheme::rsa_raw), CKM_RSA_X_509));
  EXPECT_FALSE(signs(without(Scheme::ecdsa), CKM_ECDSA));
  EXPECT_FALSE(signs(without(Scheme::ecdsa), CKM_ECDSA_SHA256));
  EXPECT_FALSE(signs(without(Scheme::eddsa), CKM_EDDSA));
}

TEST(Offer, ARefusalOfSha1NamesTheKeyThatAllowsIt) {
  for (const CK_MECHANISM_TYPE type : {CKM_SHA1_RSA_PKCS, CKM_SHA1_RSA_PKCS_PSS, CKM_ECDSA_SHA1}) {
    const auto refused = Offer(everything(), false).for_use(type, CKF_SIGN);
    ASSERT_FALSE(refused);
    EXPECT_NE(refused.error().sentence.find("sha1_signatures = true"), std::string::npos);
    EXPECT_TRUE(Offer(everything(), true).for_use(type, CKF_SIGN));
  }
}

TEST(Offer, FollowsTheAppliancesHashes) {
  ApplianceInfo info = everything();
  info.hashes = {Hash::sha256};
  info.raw_pkcs1 = false;
  const Offer offer(info, true);
  EXPECT_TRUE(signs(offer, CKM_SHA256_RSA_PKCS));
  EXPECT_EQ(flags(offer, CKM_SHA224_RSA_PKCS), 0U) << "listed only where it signs";
  EXPECT_FALSE(signs(offer, CKM_SHA512_RSA_PKCS));
  EXPECT_FALSE(signs(offer, CKM_SHA384_RSA_PKCS_PSS));
  EXPECT_TRUE(signs(offer, CKM_ECDSA_SHA1));  // padded, as SHA-256
  EXPECT_TRUE(signs(offer, CKM_ECDSA_SHA224));
  EXPECT_FALSE(signs(offer, CKM_ECDSA_SHA384));
  EXPECT_TRUE(offer.sends(Hash::sha256));
  EXPECT_FALSE(offer.sends(Hash::sha1));
  EXPECT_FALSE(offer.sends(Hash::sha3_256));
  EXPECT_FALSE(offer.sends(Hash::none));
}

TEST(Offer, GivesARowOnlyForItsOwnUses) {
  const Offer offer(everything(), true);
  EXPECT_EQ(rv_of(offer.for_use(CKM_SHA256, CKF_DIGEST)), CKR_OK);
  EXPECT_EQ(rv_of(offer.for_use(CKM_SHA256, CKF_SIGN)), CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.for_use(CKM_SHA256, CKF_VERIFY)), CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.for_use(CKM_RSA_PKCS, CKF_DIGEST)), CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.for_use(CKM_RSA_PKCS, CKF_GENERATE_KEY_PAIR)), CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.for_use(CKM_RSA_PKCS, CKF_ENCRYPT)), CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.for_use(CKM_EC_KEY_PAIR_GEN, CKF_GENERATE_KEY_PAIR)), CKR_OK);
  EXPECT_EQ(rv_of(offer.for_use(CKM_AES_CBC, CKF_SIGN)), CKR_MECHANISM_INVALID);
  EXPECT_EQ(rv_of(offer.info(CKM_AES_CBC)), CKR_MECHANISM_INVALID);
}

}  // namespace
}  // namespace signet::mechanism
