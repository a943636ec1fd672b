#include "dsa-transport/der_check.h"

#include <gtest/gtest.h>

#include "https/testing/tls_test_server.h"

namespace signet::transport {

using https::TestIdentity;

namespace {

TEST(DerCheck, KnowsAKeyAndItsCertificate) {
  const DerCheck check;
  const TestIdentity one;
  const TestIdentity other;
  const auto key = check.public_key(one.public_key_der());
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->type, crypto::KeyType::ec);
  EXPECT_EQ(key->curve, crypto::Curve::p256);
  EXPECT_TRUE(check.is_certificate(one.certificate_der()));
  EXPECT_TRUE(check.certifies(one.certificate_der(), one.public_key_der()));
  EXPECT_FALSE(check.certifies(one.certificate_der(), other.public_key_der()));
  EXPECT_FALSE(check.certifies(other.certificate_der(), one.public_key_der()));
}

TEST(DerCheck, ReadsTheKeyOfACertificate) {
  const DerCheck check;
  const TestIdentity identity;
  const auto key = check.certified_key(identity.certificate_der());
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->parameters.curve, crypto::Curve::p256);
  EXPECT_EQ(key->public_key, identity.public_key_der());
  EXPECT_EQ(key->id, check.digest(crypto::Hash::sha1, ByteView(key->public_key).last(65)));
  EXPECT_EQ(key->id.size(), 20U);
  EXPECT_NE(key->common_name, "");
  EXPECT_FALSE(check.certified_key(identity.public_key_der()));
}

// OpenSSL's to judge: the outline takes uncompressed points only.
TEST(DerCheck, KnowsAKeyWithACompressedPoint) {
  const DerCheck check;
  const TestIdentity identity;
  const TestIdentity stranger;
  const auto compressed = [](const TestIdentity& whose) {
    constexpr std::size_t coordinate = 32;
    const Bytes whole = whose.public_key_der();
    const auto x = whole.end() - 2 * coordinate;
    // SEQUENCE { SEQUENCE { id-ecPublicKey, P-256 }, BIT STRING of 33 bytes }
    Bytes spki = from_hex("3039301306072a8648ce3d020106082a8648ce3d030107032200").value();
    spki.push_back((whole.back() & 1U) != 0 ? 0x03 : 0x02);
    spki.insert(spki.end(), x, x + coordinate);
    return spki;
  };
  const auto key = check.public_key(compressed(identity));
  ASSERT_TRUE(key.has_value());
  EXPECT_EQ(key->curve, crypto::Curve::p256);
  EXPECT_TRUE(check.certifies(identity.certificate_der(), compressed(identity)));
  EXPECT_FALSE(check.certifies(identity.certificate_der(), compressed(stranger)));
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
