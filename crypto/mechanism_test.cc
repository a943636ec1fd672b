#include "crypto/mechanism.h"

#include <gtest/gtest.h>

#include <set>

namespace signet::crypto {
namespace {

TEST(MechanismTable, NamesEachMechanismOnce) {
  std::set<CK_MECHANISM_TYPE> types;
  for (const Mechanism& row : mechanisms()) {
    EXPECT_TRUE(types.insert(row.type).second) << row.name;
    EXPECT_EQ(row.name.substr(0, 4), "CKM_");
    EXPECT_EQ(find_mechanism(row.type), &row);
  }
}

TEST(MechanismTable, DoesNotKnowWhatItDoesNotHave) {
  EXPECT_EQ(find_mechanism(CKM_MD5_RSA_PKCS), nullptr);
  EXPECT_EQ(find_mechanism(CKM_AES_CBC), nullptr);
  EXPECT_EQ(find_mechanism(CKM_VENDOR_DEFINED), nullptr);
}

TEST(MechanismTable, SignsAndVerifiesInBothWaysWithEverySignatureMechanism) {
  constexpr CK_FLAGS kBoth = CKF_SIGN | CKF_VERIFY | CKF_MESSAGE_SIGN | CKF_MESSAGE_VERIFY;
  for (const Mechanism& row : mechanisms()) {
    EXPECT_EQ(row.flags & kBoth, row.scheme ? kBoth : 0U) << row.name;
    EXPECT_TRUE(row.key_type || !row.scheme) << row.name;
  }
}

TEST(MechanismTable, HasTheEcFlagsOnCurveMechanismsOnly) {
  for (const Mechanism& row : mechanisms()) {
    const bool ec = row.key_type == KeyType::ec;
    const bool curve = ec || row.key_type == KeyType::edwards;
    EXPECT_EQ((row.flags & CKF_EC_F_P) != 0, curve) << row.name;
    EXPECT_EQ((row.flags & CKF_EC_NAMEDCURVE) != 0, curve) << row.name;
    EXPECT_EQ((row.flags & CKF_EC_UNCOMPRESS) != 0, ec) << row.name;
  }
}

TEST(MechanismTable, LeavesHardwareToTheOffer) {
  for (const Mechanism& row : mechanisms()) EXPECT_EQ(row.flags & CKF_HW, 0U) << row.name;
}

}  // namespace
}  // namespace signet::crypto
