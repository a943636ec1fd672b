#include "crypto/digest.h"

#include <gtest/gtest.h>

#include <utility>

#include "crypto/testing/test_key.h"

namespace signet::crypto {
namespace {

struct Vector {
  Hash hash;
  std::string_view of_abc;  // FIPS 180-4 and FIPS 202: the message "abc"
};

constexpr Vector kVectors[] = {
    {Hash::sha1, "a9993e364706816aba3e25717850c26c9cd0d89d"},
    {Hash::sha224, "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7"},
    {Hash::sha256, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
    {Hash::sha384,
     "cb00753f45a35e8bb5a03d699ac65007272c32ab0eded1631a8b605a43ff5bed"
     "8086072ba1e7cc2358baeca134c825a7"},
    {Hash::sha512,
     "ddaf35a193617abacc417349ae20413112e6fa4e89a97ea20a9eeee64b55d39a"
     "2192992a274fc1a836ba3c23a3feebbd454d4423643ce80e2a9ac94fa54ca49f"},
    {Hash::sha3_224, "e642824c3f8cf24ad09234ee7d3c766fc9a3a5168d0c94ad73b46fdf"},
    {Hash::sha3_256, "3a985da74fe225b2045c172d6bd390bd855f086e3e9d525b46bfe24511431532"},
    {Hash::sha3_384,
     "ec01498288516fc926459f58e2c6ad8df9b473cb0fc08c2596da7cf0e49be4b2"
     "98d88cea927ac7f539f1edf228376d25"},
    {Hash::sha3_512,
     "b751850b1a57168a5693cd924b6b096e08f621827444f70d884f5d0240d2712e"
     "10e116e9192af3c91a7ec57647e3934057340b4cf408d5a56592f8274eec53f0"},
};

TEST(Digest, GivesThePublishedValuesOfEveryHash) {
  for (const Vector& vector : kVectors) {
    EXPECT_EQ(to_hex(digest_of(vector.hash, view_of("abc"))), vector.of_abc)
        << hash_name(vector.hash);
  }
}

TEST(Digest, OfAMillionBytesInUnevenPartsIsThePublishedValue) {
  auto digest = Digest::start(test_context(), Hash::sha256).value();
  const Bytes part(999, 'a');
  std::size_t left = 1000000;
  for (std::size_t size = 1; left > 0; size = size % part.size() + 1) {
    const std::size_t now = std::min(size, left);
    ASSERT_TRUE(digest.update(ByteView(part).first(now)));
    left -= now;
  }
  EXPECT_EQ(to_hex(digest.finish().value()),
            "cdc76e5c9914fb9281a1c7e284d73e67f1809a48a497200e046d39ccc7112cd0");
}

TEST(Digest, OfNothingIsDefined) {
  auto digest = Digest::start(test_context(), Hash::sha256).value();
  ASSERT_TRUE(digest.update({}));
  EXPECT_EQ(digest.size(), 32U);
  EXPECT_EQ(to_hex(digest.finish().value()),
            "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

TEST(Digest, IsSpentOnceFinished) {
  auto digest = Digest::start(test_context(), Hash::sha1).value();
  ASSERT_TRUE(digest.finish());
  EXPECT_EQ(rv_of(digest.update(view_of("x"))), CKR_OPERATION_NOT_INITIALIZED);
  EXPECT_EQ(rv_of(digest.finish()), CKR_OPERATION_NOT_INITIALIZED);
}

TEST(Digest, CanBeMovedInTheMiddle) {
  auto first = Digest::start(test_context(), Hash::sha1).value();
  ASSERT_TRUE(first.update(view_of("ab")));
  Digest second = std::move(first);
  ASSERT_TRUE(second.update(view_of("c")));
  EXPECT_EQ(to_hex(second.finish().value()), kVectors[0].of_abc);
}

TEST(Digest, NeedsAHash) {
  EXPECT_EQ(rv_of(Digest::start(test_context(), Hash::none)), CKR_MECHANISM_INVALID);
}

}  // namespace
}  // namespace signet::crypto
