#include <gtest/gtest.h>

#include "crypto/certificate_parts.h"
#include "pkcs11-module/object/testing/test_objects.h"

namespace signet::object {
namespace {

using crypto::parse_certificate;

TEST(Certificate, HasItsPartsAsTheyAreEncoded) {
  const auto parts = parse_certificate(leaf_certificate());
  ASSERT_TRUE(parts);
  EXPECT_EQ(to_hex(parts.value().serial_number), "02141d553eac7c7fa4a91d6154f639c393f343922b7d");
  EXPECT_EQ(to_hex(parts.value().subject),
            "301b3119301706035504030c105369676e65742074657374207365616c");
  EXPECT_EQ(to_hex(parts.value().issuer),
            "301b3119301706035504030c105369676e6574207465737420726f6f74");
  EXPECT_EQ(to_hex(parts.value().public_key).substr(0, 16), "3059301306072a86");
  EXPECT_EQ(parts.value().public_key.size(), 91U);
}

TEST(Certificate, KnowsDatesOfBothKindsAndCenturies) {
  const auto root = parse_certificate(root_certificate());
  const auto leaf = parse_certificate(leaf_certificate());
  ASSERT_TRUE(root);
  ASSERT_TRUE(leaf);
  EXPECT_EQ(root.value().start_date, "20260101");
  EXPECT_EQ(root.value().end_date, "20551231");
  EXPECT_EQ(leaf.value().start_date, "19991231");
  EXPECT_EQ(leaf.value().end_date, "20301231");
}

TEST(Certificate, KnowsAuthorities) {
  EXPECT_TRUE(parse_certificate(root_certificate()).value().authority);
  EXPECT_FALSE(parse_certificate(leaf_certificate()).value().authority);
}

TEST(Certificate, OfVersionWithoutExtensionsIsRead) {
  EXPECT_TRUE(parse_certificate(crypto::TestKey::rsa(2048).certificate()));
}

TEST(Certificate, CutShortAnywhereIsRefused) {
  const Bytes& whole = leaf_certificate();
  for (std::size_t size = 0; size < whole.size(); ++size) {
    const auto parts = parse_certificate(ByteView(whole).first(size));
    ASSERT_FALSE(parts) << size;
  }
}

TEST(Certificate, WithBytesBehindItIsRefused) {
  Bytes longer = leaf_certificate();
  longer.push_back(0);
  EXPECT_FALSE(parse_certificate(longer));
}

TEST(Certificate, WithAnyByteChangedIsReadWithinItsBounds) {
  const Bytes& whole = leaf_certificate();
  std::size_t refused = 0;
  for (std::size_t i = 0; i < whole.size(); ++i) {
    for (const unsigned change : {0x01U, 0x80U, 0xffU}) {
      Bytes broken = whole;
      broken[i] = static_cast<std::uint8_t>(broken[i] ^ change);
      const auto parts = parse_certificate(broken);
      if (!parts) {
        ++refused;
        continue;
      }
      const auto* end = broken.data() + broken.size();
      for (const auto& part : {parts.value().subject, parts.value().issuer,
                               parts.value().serial_number, parts.value().public_key}) {
        ASSERT_GE(part.data(), broken.data());
        ASSERT_LE(part.data() + part.size(), end);
      }
    }
  }
  EXPECT_GT(refused, 50U);
}

}  // namespace
}  // namespace signet::object
