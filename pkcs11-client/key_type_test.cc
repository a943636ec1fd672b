#include "pkcs11-client/key_type.h"

#include <gtest/gtest.h>

#include "crypto/openssl.h"

namespace signet::pkcs11 {
namespace {

TEST(KeyTypeText, IsReadAndWritten) {
  for (const char* text :
       {"rsa:2048", "rsa:3072", "rsa:4096", "ec:P-256", "ec:P-384", "ec:P-521", "Ed25519"}) {
    const auto type = KeyType::parse(text);
    ASSERT_TRUE(type) << text;
    EXPECT_EQ(type.value().text(), text);
  }
  EXPECT_EQ(KeyType::parse("ec:prime256v1").value().text(), "ec:P-256");
  for (const char* text : {"ed25519", "edwards25519", "ec:edwards25519"})
    EXPECT_EQ(KeyType::parse(text).value().text(), "Ed25519") << text;
}

TEST(KeyTypeText, RefusesWhatIsTooShortOrUnknown) {
  for (const char* text : {"", "rsa", "rsa:", "rsa:1024", "rsa:3072x", "rsa:99999", "ec:P-224",
                           "ec:secp256k1", "dsa:2048", "P-256", "ed25519:255"}) {
    const auto type = KeyType::parse(text);
    ASSERT_FALSE(type) << text;
    EXPECT_EQ(type.error().reason, Reason::unreadable);
  }
}

TEST(KeyTypeText, IsThatOfAPublicKey) {
  const auto type_of = [](EVP_PKEY* made) {
    const PkeyPtr key(made);
    return KeyType::of_public_key(crypto::der_of(made, i2d_PUBKEY));
  };
  EXPECT_EQ(type_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048})),
            KeyType::parse("rsa:2048").value());
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    EXPECT_EQ(type_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve)),
              KeyType::parse(std::string("ec:") + curve).value());
  }
  const KeyType other = type_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "secp256k1"));
  EXPECT_EQ(other, (KeyType{crypto::KeyType::ec, 256, "secp256k1"}));
  EXPECT_EQ(type_of(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519")).text(), "Ed25519");
  EXPECT_EQ(KeyType::of_public_key(Bytes{0x30, 0x00}), KeyType());
}

}  // namespace
}  // namespace signet::pkcs11
