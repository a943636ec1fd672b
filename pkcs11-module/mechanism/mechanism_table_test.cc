#include "pkcs11-module/mechanism/mechanism_table.h"

#include <gtest/gtest.h>

#include <set>

namespace signet::mechanism {
namespace {

TEST(MechanismTable, NamesEachMechanismOnce) {
  std::set<CK_MECHANISM_TYPE> types;
  for (const Mechanism& row : all()) {
    EXPECT_TRUE(types.insert(row.type).second) << row.name;
    EXPECT_EQ(row.name.substr(0, 4), "CKM_");
    EXPECT_EQ(find(row.type), &row);
  }
}

TEST(MechanismTable, DoesNotKnowWhatItDoesNotHave) {
  EXPECT_EQ(find(CKM_MD5_RSA_PKCS), nullptr);
  EXPECT_EQ(find(CKM_AES_CBC), nullptr);
  EXPECT_EQ(find(CKM_VENDOR_DEFINED), nullptr);
}

TEST(MechanismTable, SignsAndVerifiesInBothWaysWithEverySignatureMechanism) {
  constexpr CK_FLAGS kBoth = CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY;
  for (const Mechanism& row : all()) {
    if (row.scheme == Scheme::none) {
      EXPECT_EQ(row.flags & kBoth, 0U) << row.name;
    } else {
      EXPECT_EQ(row.flags & kBoth, kBoth) << row.name;
      EXPECT_NE(row.key_type, CK_UNAVAILABLE_INFORMATION) << row.name;
    }
  }
}

TEST(MechanismTable, HasTheEcFlagsOnCurveMechanismsOnly) {
  for (const Mechanism& row : all()) {
    const bool ec = row.key_type == CKK_EC;
    const bool curve = ec || row.key_type == CKK_EC_EDWARDS;
    EXPECT_EQ((row.flags & CKF_EC_F_P) != 0, curve) << row.name;
    EXPECT_EQ((row.flags & CKF_EC_NAMEDCURVE) != 0, curve) << row.name;
    EXPECT_EQ((row.flags & CKF_EC_UNCOMPRESS) != 0, ec) << row.name;
  }
}

TEST(MechanismTable, LeavesHardwareToTheOffer) {
  for (const Mechanism& row : all()) EXPECT_EQ(row.flags & CKF_HW, 0U) << row.name;
}

TEST(MechanismTable, KnowsTheAppliancesWordsForSha1AndSha2Only) {
  using crypto::HashType;
  EXPECT_EQ(appliance_hash(HashType::none), transport::Hash::none);
  EXPECT_EQ(appliance_hash(HashType::sha1), transport::Hash::sha1);
  EXPECT_EQ(appliance_hash(HashType::sha224), transport::Hash::sha224);
  EXPECT_EQ(appliance_hash(HashType::sha256), transport::Hash::sha256);
  EXPECT_EQ(appliance_hash(HashType::sha384), transport::Hash::sha384);
  EXPECT_EQ(appliance_hash(HashType::sha512), transport::Hash::sha512);
  for (const HashType hash :
       {HashType::sha3_224, HashType::sha3_256, HashType::sha3_384, HashType::sha3_512}) {
    EXPECT_FALSE(appliance_hash(hash)) << crypto::hash_name(hash);
  }
}

}  // namespace
}  // namespace signet::mechanism
