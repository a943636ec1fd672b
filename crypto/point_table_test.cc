#include "crypto/point_table.h"

#include <gtest/gtest.h>
#include <openssl/bn.h>

#include <algorithm>
#include <string>

#include "crypto/host_errors.h"
#include "crypto/spki.h"
#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

using Numbers = OpensslPtr<BN_CTX, BN_CTX_free>;

const EC_GROUP* p256() {
  return test_context()->group(Curve::p256);
}

std::unique_ptr<const PointTable> table_of(const PublicKey& key) {
  return PointTable::make(test_context()->get(), test_context()->group(key.curve()->curve),
                          *spki::point_in(*key.curve(), key.ec_point()));
}

bool verify(const PointTable& table, ByteView digest, ByteView signature) {
  const HostErrors aside;
  return table.verify(digest, signature);
}

Bytes bytes_of(const BIGNUM* number) {
  Bytes bytes(32);
  EXPECT_EQ(BN_bn2binpad(number, bytes.data(), 32), 32);
  return bytes;
}

Bytes joined(const Bytes& r, const Bytes& s) {
  Bytes both = r;
  both.insert(both.end(), s.begin(), s.end());
  return both;
}

TEST(PointTable, AgreesWithOpensslOnEveryCurveDigestLengthAndChange) {
  for (const char* name : {"P-256", "P-384", "P-521"}) {
    const TestKey& pair = TestKey::on_curve(name);
    const auto key = pair.public_key();
    const auto table = table_of(*key);
    ASSERT_TRUE(table) << name;
    for (const std::size_t size : {1U, 20U, 32U, 33U, 48U, 65U, 66U, 100U}) {
      const Bytes digest = patterned(size);
      const Bytes good = pair.sign_ecdsa(digest);
      EXPECT_TRUE(verify(*table, digest, good)) << name << size;
      Bytes other = digest;
      other[0] ^= 1;
      EXPECT_FALSE(verify(*table, other, good)) << name << size;
      for (std::size_t i = 0; i < good.size(); i += 5) {
        Bytes changed = good;
        changed[i] ^= 0x20;
        EXPECT_FALSE(verify(*table, digest, changed)) << name << size << " byte " << i;
      }
    }
  }
}

TEST(PointTable, TakesLeadingZerosInBothHalves) {
  const TestKey& pair = TestKey::on_curve("P-256");
  const auto table = table_of(*pair.public_key());
  bool r_seen = false;
  bool s_seen = false;
  // One in 256 has either; 20,000 signatures without one do not happen.
  for (int i = 0; i < 20000 && !(r_seen && s_seen); ++i) {
    const Bytes digest = digest_of(Hash::sha256, view_of(std::to_string(i)));
    const Bytes signature = pair.sign_ecdsa(digest);
    if (signature[0] != 0 && signature[32] != 0) continue;
    ASSERT_TRUE(verify(*table, digest, signature)) << to_hex(signature);
    r_seen = r_seen || signature[0] == 0;
    s_seen = s_seen || signature[32] == 0;
  }
  EXPECT_TRUE(r_seen);
  EXPECT_TRUE(s_seen);
}

TEST(PointTable, RefusesNumbersOutsideOfTheOrderAndOtherLengths) {
  const TestKey& pair = TestKey::on_curve("P-256");
  const auto table = table_of(*pair.public_key());
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Bytes good = pair.sign_ecdsa(digest);
  const Bytes r(good.begin(), good.begin() + 32);
  const Bytes s(good.begin() + 32, good.end());
  ASSERT_TRUE(verify(*table, digest, joined(r, s)));
  const Bytes order = bytes_of(EC_GROUP_get0_order(p256()));
  for (const Bytes& wrong : {Bytes(32, 0), order, Bytes(32, 0xFF)}) {
    EXPECT_FALSE(verify(*table, digest, joined(wrong, s)));
    EXPECT_FALSE(verify(*table, digest, joined(r, wrong)));
  }
  EXPECT_FALSE(verify(*table, {}, good));
  EXPECT_FALSE(verify(*table, digest, {}));
  EXPECT_FALSE(verify(*table, digest, ByteView(good).first(63)));
  EXPECT_FALSE(verify(*table, digest, joined(good, {0})));
}

// The same number beyond the order is another signature, if it fits into 32 bytes.
TEST(PointTable, RefusesANumberThatIsOneTooLargeByTheOrder) {
  const TestKey& pair = TestKey::on_curve("P-256");
  const auto table = table_of(*pair.public_key());
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Numbers numbers(BN_CTX_new());
  const BignumPtr s(BN_new());
  const BIGNUM* const order = EC_GROUP_get0_order(p256());
  const Bytes good = pair.sign_ecdsa(digest);
  // The other one of the two s for this r is good, too (FIPS 186-5 has no rule against it).
  BN_bin2bn(good.data() + 32, 32, s.get());
  BN_sub(s.get(), order, s.get());
  const Bytes r(good.begin(), good.begin() + 32);
  EXPECT_TRUE(verify(*table, digest, joined(r, bytes_of(s.get()))));
  // r + order needs a 257th bit but for r below 2^224, which no signature here has: s alone is tried.
  BN_set_word(s.get(), 1);
  BN_add(s.get(), s.get(), order);
  EXPECT_FALSE(verify(*table, digest, joined(r, bytes_of(s.get()))));
}

// A key whose private half is known, and a signature for which both parts of the sum are the same point: adding is not
// doubling, and formulas for the one do not do the other.
TEST(PointTable, AddsAPointToItselfAndToItsOpposite) {
  const Numbers numbers(BN_CTX_new());
  BN_CTX* const all = numbers.get();
  const EC_GROUP* const group = p256();
  const BIGNUM* const order = EC_GROUP_get0_order(group);
  const auto point_bytes = [&](const EC_POINT* point) {
    Bytes bytes(65);
    EXPECT_EQ(EC_POINT_point2oct(group, point, POINT_CONVERSION_UNCOMPRESSED, bytes.data(),
                                 bytes.size(), all),
              bytes.size());
    return bytes;
  };
  const OpensslPtr<EC_POINT, EC_POINT_free> point(EC_POINT_new(group));
  const BignumPtr k(BN_new());
  const BignumPtr r(BN_new());
  const BignumPtr s(BN_new());
  BN_set_word(k.get(), 123456789);
  ASSERT_EQ(EC_POINT_mul(group, point.get(), k.get(), nullptr, nullptr, all), 1);
  ASSERT_EQ(EC_POINT_get_affine_coordinates(group, point.get(), r.get(), nullptr, all), 1);
  ASSERT_EQ(BN_nnmod(r.get(), r.get(), order, all), 1);
  // Private key 1, digest r: s = 2r / k.
  ASSERT_NE(BN_mod_inverse(k.get(), k.get(), order, all), nullptr);
  ASSERT_EQ(BN_mod_mul(s.get(), r.get(), k.get(), order, all), 1);
  ASSERT_EQ(BN_mod_lshift1(s.get(), s.get(), order, all), 1);
  const Bytes digest = bytes_of(r.get());
  const Bytes signature = joined(digest, bytes_of(s.get()));
  const auto of_one =
      PointTable::make(test_context()->get(), group, point_bytes(EC_GROUP_get0_generator(group)));
  ASSERT_TRUE(of_one);
  EXPECT_TRUE(verify(*of_one, digest, signature));
  // Private key -1, digest r: the sum is the point at infinity, whatever s is.
  ASSERT_EQ(EC_POINT_copy(point.get(), EC_GROUP_get0_generator(group)), 1);
  ASSERT_EQ(EC_POINT_invert(group, point.get(), all), 1);
  const auto of_minus_one =
      PointTable::make(test_context()->get(), group, point_bytes(point.get()));
  ASSERT_TRUE(of_minus_one);
  EXPECT_FALSE(verify(*of_minus_one, digest, signature));
}

TEST(PointTable, IsUsedByAKeyAfterManySignaturesAndChangesNoVerdict) {
  const TestKey& pair = TestKey::on_curve("P-256");
  const auto key = pair.public_key();
  const Bytes digest = digest_of(Hash::sha256, view_of("abc"));
  const Bytes good = pair.sign_ecdsa(digest);
  Bytes wrong = good;
  wrong[40] ^= 1;
  for (unsigned i = 0; i < kUsesBeforeTable + 10; ++i) {
    const bool even = i % 2 == 0;
    ASSERT_EQ(key->verify_ecdsa(digest, even ? good : wrong), even) << i;
  }
}

}  // namespace
}  // namespace signet::crypto
