// Messages that are encrypted for a key of a token (SoftHSMv2), and a token's own data.
#include "pkcs11-client/decryption.h"

#include <gtest/gtest.h>

#include "pkcs11-client/card.h"
#include "pkcs11-client/testing/softhsm_token.h"

namespace signet::pkcs11 {
namespace {

const Bytes kContent(32, 0x77);

Key card_key(SoftHsmToken& token, const char* type) {
  const auto key = generate_card_key(*token, {KeyType::parse(type).value(), "card", Bytes(1, 1)});
  EXPECT_TRUE(key) << key.assume_error().sentence;
  return key.value();
}

TEST(Decryption, OfAKeyOnP256) {
  SoftHsmToken token;
  const Key key = card_key(token, "ec:P-256");
  EXPECT_TRUE(key.can_sign);
  const auto message = cms::encrypt_for({.public_key = key.public_key}, kContent);
  ASSERT_TRUE(message);
  const auto own = decryption_key(*token, key);
  ASSERT_TRUE(own);
  const auto content = cms::decrypt_with(own.value().key, message.value());
  ASSERT_TRUE(content) << content.assume_error().sentence;
  EXPECT_TRUE(equal(content.value().reveal(), kContent));
  // The shared secret was an object for this once.
  ObjectTemplate secrets;
  secrets.number(CKA_CLASS, CKO_SECRET_KEY);
  EXPECT_TRUE(token->find(secrets).value().empty());
}

TEST(Decryption, OfAnRsaKey) {
  SoftHsmToken token;
  const Key key = card_key(token, "rsa:2048");
  const crypto::Hash hash = oaep_hash(*token, key);
  const auto own = decryption_key(*token, key);
  ASSERT_TRUE(own);
  const auto message = cms::encrypt_for({.public_key = key.public_key, .oaep = hash}, kContent);
  const auto content = cms::decrypt_with(own.value().key, message.value());
  ASSERT_TRUE(content) << content.assume_error().sentence;
  EXPECT_TRUE(equal(content.value().reveal(), kContent));
  // The operation that oaep_hash() tried has ended.
  EXPECT_TRUE(cms::decrypt_with(own.value().key, message.value()));
}

TEST(Decryption, SaysThatTheMessageIsForAnotherKey) {
  SoftHsmToken token;
  const Key key = card_key(token, "ec:P-256");
  const auto other =
      generate_card_key(*token, {KeyType::parse("ec:P-256").value(), "other", Bytes(1, 2)});
  const auto message = cms::encrypt_for({.public_key = other.value().public_key}, kContent);
  const auto own = decryption_key(*token, key);
  const auto content = cms::decrypt_with(own.value().key, message.value());
  ASSERT_FALSE(content);
  EXPECT_EQ(content.assume_error().kind, cms::EnvelopeError::Kind::not_decrypted);
  EXPECT_FALSE(*own.value().refusal);
}

TEST(Decryption, KeepsWhatTheTokenSaid) {
  SoftHsmToken token;
  const auto signs_only =
      token->generate({KeyType::parse("ec:P-256").value(), "signs", Bytes(1, 3)});
  ASSERT_TRUE(signs_only);
  const auto message = cms::encrypt_for({.public_key = signs_only.value().public_key}, kContent);
  const auto own = decryption_key(*token, signs_only.value());
  const auto content = cms::decrypt_with(own.value().key, message.value());
  ASSERT_FALSE(content);
  EXPECT_EQ(content.assume_error().kind, cms::EnvelopeError::Kind::key_failed);
  ASSERT_TRUE(*own.value().refusal);
  EXPECT_NE((*own.value().refusal)->rv, CKR_OK);
}

TEST(Card, MakesNoKeyThatNothingCanBeEncryptedTo) {
  SoftHsmToken token;
  for (const char* type : {"ec:P-384", "Ed25519"}) {
    const auto key = generate_card_key(*token, {KeyType::parse(type).value(), "x", Bytes(1, 1)});
    ASSERT_FALSE(key);
    EXPECT_EQ(key.assume_error().reason, Reason::not_supported);
  }
  EXPECT_FALSE(decryption_key(
      *token, token->generate({KeyType::parse("ec:P-384").value(), "x", Bytes(1, 1)}).value()));
}

TEST(Card, ReplacesItsData) {
  SoftHsmToken token;
  constexpr DataName name{"Test", "data"};
  EXPECT_EQ(read_data(*token, name).value(), std::nullopt);
  ASSERT_TRUE(write_data(*token, name, Bytes(32, 1)));
  ASSERT_TRUE(write_data(*token, name, Bytes(32, 2)));
  ASSERT_TRUE(write_data(*token, {"Other", "data"}, Bytes(32, 3)));
  token.reopen();
  EXPECT_EQ(read_data(*token, name).value(), Bytes(32, 2));
}

}  // namespace
}  // namespace signet::pkcs11
