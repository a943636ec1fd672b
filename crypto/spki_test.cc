#include "crypto/spki.h"

#include <gtest/gtest.h>

#include "crypto/algorithm_table.h"
#include "crypto/certificate_parts.h"
#include "crypto/der.h"

namespace signet::spki {
namespace {

Bytes sequence(std::initializer_list<Bytes> elements) {
  Bytes content;
  for (const Bytes& element : elements)
    content.insert(content.end(), element.begin(), element.end());
  return der::encode(der::kSequence, content);
}

Bytes bit_string(ByteView key) {
  return der::encode(der::kBitString, der::concat(Bytes{0}, key));
}

const Bytes kNumbers =
    sequence({der::encode_positive(Bytes(256, 0xC5)), der::encode_positive(Bytes{3})});
const Bytes kRsaKey = sequence(
    {sequence({copy_of(crypto::oid::kRsa), der::encode(der::kNull, {})}), bit_string(kNumbers)});

// Empty names and times: nobody looks at them here.
Bytes certificate(bool with_version, const Bytes& key) {
  const Bytes version =
      with_version ? der::encode(der::kContext0, der::encode(der::kInteger, Bytes{2})) : Bytes{};
  const Bytes empty = sequence({});
  const Bytes body =
      sequence({version, der::encode(der::kInteger, Bytes{7}), empty, empty, empty, empty, key});
  return sequence({body, empty, bit_string(Bytes{1})});
}

TEST(Spki, ShowsTheNumbersOfAnRsaKey) {
  const auto outline = read(kRsaKey);
  ASSERT_TRUE(outline);
  const auto numbers = rsa_numbers(*outline);
  ASSERT_TRUE(numbers);
  EXPECT_TRUE(equal(numbers->modulus, Bytes(256, 0xC5)));
  EXPECT_TRUE(equal(numbers->exponent, Bytes{3}));
}

TEST(Spki, ShowsCurveAndPoint) {
  const Bytes key = sequence({sequence({copy_of(crypto::oid::kEc), copy_of(crypto::oid::kP256)}),
                              bit_string(Bytes(65, 4))});
  const auto outline = read(key);
  ASSERT_TRUE(outline);
  EXPECT_TRUE(equal(outline->algorithm, crypto::oid::kEc));
  EXPECT_TRUE(equal(outline->parameters, crypto::oid::kP256));
  EXPECT_TRUE(equal(outline->key, Bytes(65, 4)));
  EXPECT_FALSE(rsa_numbers(*outline));
}

TEST(Spki, IsFoundInACertificateOfEveryVersion) {
  for (const bool with_version : {true, false}) {
    const Bytes der = certificate(with_version, kRsaKey);
    const auto parts = crypto::parse_certificate(der);
    ASSERT_TRUE(parts);
    EXPECT_TRUE(equal(parts->public_key, kRsaKey));
  }
}

TEST(Spki, OfNothingElseIsTaken) {
  const Bytes der = certificate(true, kRsaKey);
  for (std::size_t size = 0; size < kRsaKey.size(); ++size)
    EXPECT_FALSE(read(ByteView(kRsaKey).first(size)));
  for (std::size_t size = 0; size < der.size(); ++size)
    EXPECT_FALSE(crypto::parse_certificate(ByteView(der).first(size)));
  EXPECT_FALSE(read(der::concat(kRsaKey, Bytes{0})));
  EXPECT_FALSE(crypto::parse_certificate(der::concat(der, Bytes{0})));
  EXPECT_FALSE(crypto::parse_certificate(kRsaKey));
  EXPECT_FALSE(read(der));
}

}  // namespace
}  // namespace signet::spki
