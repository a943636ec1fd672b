#include "crypto/digest_info.h"

#include <gtest/gtest.h>

#include "crypto/der.h"
#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

TEST(DigestInfo, IsWhatOpensslPadsForEveryHash) {
  const TestKey& pair = TestKey::rsa(2048);
  for (const HashRow& row : kRealHashes) {
    const Hash hash = row.hash;
    const Bytes digest = digest_of(hash, view_of("abc"));
    const Bytes ours = encode_digest_info(hash, digest);
    EXPECT_EQ(pair.sign_pkcs1_raw(ours), pair.sign_pkcs1(hash, digest)) << hash_name(hash);
  }
}

TEST(DigestInfo, IsReadBackWithHashAndDigest) {
  for (const HashRow& row : kRealHashes) {
    const Hash hash = row.hash;
    const Bytes digest = digest_of(hash, view_of("abc"));
    const Bytes der = encode_digest_info(hash, digest);
    const auto info = parse_digest_info(der);
    ASSERT_TRUE(info) << hash_name(hash);
    EXPECT_EQ(info->hash, hash);
    EXPECT_TRUE(equal(info->digest, digest));
  }
}

TEST(DigestInfo, IsNotMadeOfNoHashOrAWrongLength) {
  EXPECT_TRUE(encode_digest_info(Hash::none, {}).empty());
  EXPECT_TRUE(encode_digest_info(Hash::sha256, Bytes(31, 1)).empty());
  EXPECT_TRUE(encode_digest_info(Hash::sha256, Bytes(33, 1)).empty());
}

TEST(DigestInfo, IsReadInItsCanonicalFormOnly) {
  const Bytes good = encode_digest_info(Hash::sha256, Bytes(32, 7));
  for (std::size_t size = 0; size < good.size(); ++size) {
    EXPECT_FALSE(parse_digest_info(ByteView(good).first(size))) << size;
  }
  Bytes longer = good;
  longer.push_back(0);
  EXPECT_FALSE(parse_digest_info(longer));
  const std::size_t prefix = good.size() - 32;
  for (std::size_t i = 0; i < prefix; ++i) {
    Bytes changed = good;
    changed[i] ^= 0x01;
    const auto info = parse_digest_info(changed);
    EXPECT_FALSE(info && info->hash == Hash::sha256) << i;
  }
}

TEST(DigestInfo, WithoutTheNullOrWithAnotherDigestLengthIsNotOne) {
  const Bytes oid = from_hex("0609608648016503040201").value();
  const Bytes digest = der::encode(der::kOctetString, Bytes(32, 7));
  const Bytes no_null =
      der::encode(der::kSequence, der::concat(der::encode(der::kSequence, oid), digest));
  EXPECT_FALSE(parse_digest_info(no_null));
  const Bytes algorithm = der::encode(der::kSequence, der::concat(oid, from_hex("0500").value()));
  const Bytes short_digest = der::encode(der::kOctetString, Bytes(31, 7));
  EXPECT_FALSE(
      parse_digest_info(der::encode(der::kSequence, der::concat(algorithm, short_digest))));
}

}  // namespace
}  // namespace signet::crypto
