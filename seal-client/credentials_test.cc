// What the seal server keeps for a client and cannot read: cryptogram, credentials, statement.
#include "seal-client/credentials.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>

#include "crypto/testing/key_owner.h"
#include "seal-client/cryptogram.h"
#include "seal-client/statement.h"

namespace signet::sealclient {
namespace {

using crypto::KeyOwner;

const KeyOwner& enrol_owner() {
  static const KeyOwner owner("P-256", "digitalSignature");
  return owner;
}

const KeyOwner& card_owner() {
  static const KeyOwner owner("P-256", "digitalSignature,keyAgreement");
  return owner;
}

pinning::PinSet pins_of(const KeyOwner& owner) {
  return pinning::PinSet({pinning::Pin::of_public_key(owner.spki())});
}

std::vector<ApplianceMember> two_members() {
  return {{"https://dsa1.example:8081/dsa/v1", pins_of(card_owner())},
          {"https://dsa2.example:8081/dsa/v1", pins_of(enrol_owner())}};
}

Credentials full_credentials() {
  return {.version = 3,
          .client = "c1",
          .user = "office",
          .password = Secret(std::string_view("heslo \"č\"")),
          .members = two_members(),
          .enrol_key = enrol_owner().spki()};
}

Secret key_of(std::uint8_t octet) {
  return Secret(ByteView(Bytes(kContentKeySize, octet)));
}

TEST(Credentials, AreReadUnderTheirKey) {
  const auto encrypted = encrypt_credentials(full_credentials(), key_of(1));
  ASSERT_TRUE(encrypted);
  const auto read = decrypt_credentials(encrypted.assume_value(), key_of(1), "c1");
  ASSERT_TRUE(read);
  EXPECT_EQ(read.assume_value(), full_credentials());
  EXPECT_NE(encrypt_credentials(full_credentials(), key_of(1)).value(), encrypted.value());
}

TEST(Credentials, OfAnotherClientOrKeyAreRefused) {
  const Bytes encrypted = encrypt_credentials(full_credentials(), key_of(1)).value();
  const auto foreign = decrypt_credentials(encrypted, key_of(1), "c2");
  ASSERT_FALSE(foreign);
  EXPECT_EQ(foreign.assume_error().kind, CredentialsError::Kind::another_client);
  EXPECT_FALSE(decrypt_credentials(encrypted, key_of(2), "c1"));
  EXPECT_FALSE(decrypt_credentials(encrypted, Secret(), "c1"));
}

TEST(Credentials, ChangedOrCutAreRefused) {
  const Bytes encrypted = encrypt_credentials(full_credentials(), key_of(1)).value();
  for (std::size_t at = 0; at < encrypted.size(); ++at) {
    Bytes changed = encrypted;
    changed[at] ^= 0x80U;
    EXPECT_FALSE(decrypt_credentials(changed, key_of(1), "c1")) << at;
    EXPECT_FALSE(decrypt_credentials(ByteView(encrypted).first(at), key_of(1), "c1")) << at;
  }
}

TEST(Credentials, ThatNobodyCouldUseAreNotWritten) {
  Credentials bad = full_credentials();
  bad.password = Secret();
  EXPECT_FALSE(encrypt_credentials(bad, key_of(1)));
  bad = full_credentials();
  bad.password = Secret(std::string_view("\xFF"));
  EXPECT_FALSE(encrypt_credentials(bad, key_of(1)));
  bad = full_credentials();
  bad.members.clear();
  EXPECT_FALSE(encrypt_credentials(bad, key_of(1)));
  bad = full_credentials();
  bad.members[1].pins = {};
  EXPECT_FALSE(encrypt_credentials(bad, key_of(1)));
  bad = full_credentials();
  bad.members[0].url = "http://dsa1.example";
  EXPECT_FALSE(encrypt_credentials(bad, key_of(1)));
  EXPECT_FALSE(encrypt_credentials(full_credentials(), Secret(std::string_view("short"))));
}

TEST(Cryptogram, GivesTheContentKeyThatIsKnown) {
  const Secret key = new_content_key().value();
  const auto recipient = recipient_of_certificate(card_owner().certificate());
  ASSERT_TRUE(recipient);
  const Bytes cryptogram = make_cryptogram(key, recipient.assume_value()).value();
  const auto own = cms::software_key(card_owner().key());
  const auto opened = open_cryptogram(cryptogram, own, content_key_hash(key));
  ASSERT_TRUE(opened);
  EXPECT_EQ(opened.assume_value(), key);
}

// Anybody can make one for a public key that the server knows.
TEST(Cryptogram, WithAnotherContentKeyIsRefused) {
  const auto own = cms::software_key(card_owner().key());
  const Bytes cryptogram = make_cryptogram(key_of(9), {.public_key = card_owner().spki()}).value();
  const auto opened = open_cryptogram(cryptogram, own, content_key_hash(key_of(1)));
  ASSERT_FALSE(opened);
  EXPECT_EQ(opened.assume_error().kind, CryptogramError::Kind::other_key);
  EXPECT_FALSE(open_cryptogram(cryptogram, own, {}));
  const Bytes longer = cms::encrypt_for({.public_key = card_owner().spki()}, Bytes(33, 1)).value();
  EXPECT_FALSE(open_cryptogram(longer, own, crypto::sha256(Bytes(33, 1))));
}

TEST(Cryptogram, IsForCertificatesOfTheRightUsage) {
  EXPECT_FALSE(recipient_of_certificate(enrol_owner().certificate()));
  EXPECT_FALSE(recipient_of_certificate(Bytes(9, 9)));
  const KeyOwner rsa("2048", "digitalSignature,keyEncipherment");
  EXPECT_TRUE(recipient_of_certificate(rsa.certificate()));
  const KeyOwner sealing("2048", "digitalSignature,nonRepudiation");
  EXPECT_FALSE(recipient_of_certificate(sealing.certificate()));
}

Statement full_statement() {
  return {.client = "c1", .number = 4, .members = two_members(), .enrol_key = card_owner().spki()};
}

Bytes signed_by(const KeyOwner& owner, const Statement& statement) {
  const auto made = sign_statement(statement, owner.key(), owner.certificate());
  EXPECT_TRUE(made);
  return made ? made.assume_value() : Bytes();
}

TEST(Statement, IsReadWhereTheEnrolmentKeySignedIt) {
  const Bytes message = signed_by(enrol_owner(), full_statement());
  const auto read = open_statement(message, enrol_owner().spki(), "c1", 3);
  ASSERT_TRUE(read) << read.assume_error().sentence;
  EXPECT_EQ(read.assume_value(), full_statement());
  Statement without = full_statement();
  without.enrol_key.clear();
  EXPECT_EQ(
      open_statement(signed_by(enrol_owner(), without), enrol_owner().spki(), "c1", 0).value(),
      without);
}

TEST(Statement, OfAnyoneElseIsRefused) {
  using Kind = StatementError::Kind;
  const Bytes message = signed_by(enrol_owner(), full_statement());
  const auto kind_of = [&](ByteView der, const KeyOwner& owner, const char* client,
                           std::int64_t last) {
    const auto read = open_statement(der, owner.spki(), client, last);
    EXPECT_FALSE(read);
    return read ? Kind::system : read.assume_error().kind;
  };
  EXPECT_EQ(kind_of(message, card_owner(), "c1", 0), Kind::bad_signature);
  EXPECT_EQ(kind_of(signed_by(card_owner(), full_statement()), enrol_owner(), "c1", 0),
            Kind::bad_signature);
  EXPECT_EQ(kind_of(message, enrol_owner(), "c2", 0), Kind::another_client);
  EXPECT_EQ(kind_of(message, enrol_owner(), "c1", 4), Kind::old);
  EXPECT_EQ(kind_of(Bytes(40, 1), enrol_owner(), "c1", 0), Kind::malformed);
  const std::string text(text_of(message));
  Bytes changed = message;
  changed.at(text.find("dsa1")) = 'x';
  EXPECT_EQ(kind_of(changed, enrol_owner(), "c1", 0), Kind::bad_signature);
}

}  // namespace
}  // namespace signet::sealclient
