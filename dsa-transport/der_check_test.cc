#include "dsa-transport/der_check.h"

#include <gtest/gtest.h>

#include "dsa-transport/tls_test_server.h"

namespace signet::transport {
namespace {

TEST(DerCheck, SaysTheSameTheSecondTime) {
  const DerCheck check;
  const TestIdentity one;
  const TestIdentity other;
  for (int round = 0; round < 2; ++round) {
    const auto key = check.public_key(one.public_key_der());
    ASSERT_TRUE(key.has_value());
    EXPECT_EQ(key->type, KeyType::ec);
    EXPECT_EQ(key->curve, Curve::p256);
    EXPECT_TRUE(check.is_certificate(one.certificate_der()));
    EXPECT_TRUE(check.certifies(one.certificate_der(), one.public_key_der()));
    EXPECT_FALSE(check.certifies(one.certificate_der(), other.public_key_der()));
    EXPECT_FALSE(check.certifies(other.certificate_der(), one.public_key_der()));
  }
}

TEST(DerCheck, DoesNotTakeAKnownBeginningForTheWhole) {
  const DerCheck check;
  const TestIdentity identity;
  Bytes key = identity.public_key_der();
  Bytes certificate = identity.certificate_der();
  ASSERT_TRUE(check.public_key(key));
  ASSERT_TRUE(check.is_certificate(certificate));
  key.push_back(0);
  certificate.push_back(0);
  EXPECT_FALSE(check.public_key(key));
  EXPECT_FALSE(check.is_certificate(certificate));
  certificate.resize(certificate.size() / 2);
  EXPECT_FALSE(check.is_certificate(certificate));
}

}  // namespace
}  // namespace signet::transport
