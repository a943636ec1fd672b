#include "seal-client/key_pair.h"

#include <gtest/gtest.h>

#include "crypto/openssl.h"
#include "seal-client/passphrase_key.h"

namespace signet::sealclient {
namespace {

TEST(KeyPair, IsWrittenAndReadBack) {
  const PkeyPtr key = make_key_pair();
  ASSERT_TRUE(key);
  const PkeyPtr again = key_pair_of(private_key_of(key.get()).reveal());
  ASSERT_TRUE(again);
  EXPECT_EQ(EVP_PKEY_eq(key.get(), again.get()), 1);
}

TEST(KeyPair, OfAnotherCurveIsRefused) {
  const PkeyPtr other(EVP_PKEY_Q_keygen(crypto::library_context(), nullptr, "EC", "P-384"));
  EXPECT_FALSE(key_pair_of(private_key_of(other.get()).reveal()));
  Bytes cut = copy_of(private_key_of(make_key_pair().get()).reveal());
  cut.push_back(0);
  EXPECT_FALSE(key_pair_of(cut));
  EXPECT_FALSE(key_pair_of({}));
}

TEST(KeyPair, CompressedPointGivesThePublicKey) {
  for (int i = 0; i < 8; ++i) {  // both signs of y
    const Bytes public_key = public_key_of(make_key_pair().get());
    const Bytes point = compressed_point_of(public_key);
    ASSERT_EQ(point.size(), 33U);
    EXPECT_EQ(public_key_of_point(point), public_key);
  }
}

TEST(KeyPair, BytesThatAreNoPointAreRefused) {
  Bytes point = compressed_point_of(public_key_of(make_key_pair().get()));
  point[0] = 0x04;
  EXPECT_TRUE(public_key_of_point(point).empty());
  EXPECT_TRUE(public_key_of_point(Bytes(33, 0xFF)).empty());
  EXPECT_TRUE(public_key_of_point(Bytes(1, 0)).empty());  // the point at infinity
  EXPECT_TRUE(compressed_point_of(Bytes(33, 2)).empty());
}

TEST(PassphraseKey, OpensByItsPassphraseOnly) {
  const auto made = protect_key_pair(Secret("correct horse battery"));
  ASSERT_TRUE(made);
  const PkeyPtr key = key_pair_under(made->form, Secret("correct horse battery"));
  ASSERT_TRUE(key);
  EXPECT_EQ(EVP_PKEY_eq(key.get(), made->key.get()), 1);
  EXPECT_FALSE(key_pair_under(made->form, Secret("correct horse batterz")));
  PassphraseKey changed = made->form;
  changed.encrypted.back() ^= 1;
  EXPECT_FALSE(key_pair_under(changed, Secret("correct horse battery")));
}

}  // namespace
}  // namespace signet::sealclient
