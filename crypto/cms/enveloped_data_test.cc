// AuthEnvelopedData made here, read by OpenSSL (another reader) and here; messages of OpenSSL (another writer) read here.
#include "crypto/cms/enveloped_data.h"

#include <gtest/gtest.h>
#include <openssl/cms.h>
#include <openssl/kdf.h>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/testing/key_owner.h"

namespace signet::cms {
namespace {

using crypto::Hash;
using crypto::KeyOwner;
using EnvelopePtr = OpensslPtr<CMS_ContentInfo, CMS_ContentInfo_free>;
using Kind = EnvelopeError::Kind;

const KeyOwner& curve_owner() {
  static const KeyOwner owner("P-256");
  return owner;
}

const KeyOwner& rsa_owner() {
  static const KeyOwner owner("2048");
  return owner;
}

const Bytes& content() {
  static const Bytes octets(32, 0x5A);
  return octets;
}

Bytes made_here(const KeyOwner& owner, Hash oaep = Hash::sha256) {
  const auto made = encrypt_for({.public_key = owner.spki(), .oaep = oaep}, content());
  EXPECT_TRUE(made);
  return made ? made.assume_value() : Bytes();
}

// The content as OpenSSL decrypts it; empty where it does not.
Bytes read_by_openssl(ByteView der, const KeyOwner& owner) {
  const BioPtr in = crypto::bio_over(der);
  EnvelopePtr message(CMS_ContentInfo_new_ex(crypto::library_context(), nullptr));
  CMS_ContentInfo* given = message.get();
  if (d2i_CMS_bio(in.get(), &given) == nullptr) return {};
  const BioPtr out(BIO_new(BIO_s_mem()));
  if (CMS_decrypt(given, owner.key(), owner.x509(), nullptr, out.get(), CMS_BINARY) != 1) return {};
  return copy_of(view_of(crypto::text_in(out.get())));
}

Bytes made_by_openssl(const KeyOwner& owner, const char* hash, ByteView data) {
  const BioPtr in = crypto::bio_over(data);
  const EnvelopePtr message(CMS_encrypt_ex(nullptr, nullptr, EVP_aes_256_gcm(),
                                           CMS_PARTIAL | CMS_BINARY, crypto::library_context(),
                                           nullptr));
  CMS_RecipientInfo* const recipient =
      CMS_add1_recipient_cert(message.get(), owner.x509(), CMS_KEY_PARAM | CMS_USE_KEYID);
  EVP_PKEY_CTX* const context = CMS_RecipientInfo_get0_pkey_ctx(recipient);
  const EVP_MD* const digest = EVP_get_digestbyname(hash);
  if (EVP_PKEY_is_a(owner.key(), "RSA") == 1) {
    EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_OAEP_PADDING);
    EVP_PKEY_CTX_set_rsa_oaep_md(context, digest);
    EVP_PKEY_CTX_set_rsa_mgf1_md(context, digest);
  } else {
    EVP_PKEY_CTX_set_ecdh_kdf_md(context, digest);
  }
  EXPECT_EQ(CMS_final(message.get(), in.get(), nullptr, CMS_BINARY), 1);
  return crypto::der_of(message.get(), i2d_CMS_ContentInfo);
}

Bytes opened(const KeyOwner& owner, ByteView message) {
  const auto result = decrypt_with(software_key(owner.key()), message);
  EXPECT_TRUE(result) << result.assume_error().sentence;
  return result ? copy_of(result.assume_value().reveal()) : Bytes();
}

Kind refusal_of(const KeyOwner& owner, ByteView message) {
  const auto result = decrypt_with(software_key(owner.key()), message);
  EXPECT_FALSE(result);
  return result ? Kind::system : result.assume_error().kind;
}

// The same DER with an element, wherever it is in it, in place of another one.
Bytes with_element(ByteView der, ByteView former, ByteView now) {
  Bytes result;
  der::Reader reader(der);
  while (const auto element = reader.read_any()) {
    der::Reader again(*element);
    constexpr std::uint8_t constructed = 0x20;
    const std::uint8_t tag = element->front();
    if (equal(*element, former)) {
      der::append(result, now);
    } else if ((tag & constructed) != 0) {
      der::append(result, der::encode(tag, with_element(*again.read(tag), former, now)));
    } else {
      der::append(result, *element);
    }
  }
  return result;
}

TEST(EnvelopedData, IsReadHereAndByOpenSsl) {
  const Bytes agreement = made_here(curve_owner());
  EXPECT_EQ(opened(curve_owner(), agreement), content());
  EXPECT_EQ(read_by_openssl(agreement, curve_owner()), content());
  for (const Hash hash : {Hash::sha1, Hash::sha256}) {
    const Bytes transport = made_here(rsa_owner(), hash);
    EXPECT_EQ(opened(rsa_owner(), transport), content());
    EXPECT_EQ(read_by_openssl(transport, rsa_owner()), content());
  }
}

TEST(EnvelopedData, MayHaveNoContent) {
  const auto made = encrypt_for({.public_key = curve_owner().spki()}, {});
  ASSERT_TRUE(made);
  EXPECT_EQ(opened(curve_owner(), made.assume_value()), Bytes());
}

TEST(EnvelopedData, OfOpenSslIsReadHere) {
  for (const std::size_t size : {std::size_t{1}, std::size_t{32}, std::size_t{100'000}}) {
    const Bytes data(size, 7);
    EXPECT_EQ(opened(curve_owner(), made_by_openssl(curve_owner(), "SHA256", data)), data);
    EXPECT_EQ(opened(rsa_owner(), made_by_openssl(rsa_owner(), "SHA256", data)), data);
    EXPECT_EQ(opened(rsa_owner(), made_by_openssl(rsa_owner(), "SHA1", data)), data);
  }
}

TEST(EnvelopedData, DerivedWithSha1IsRefused) {
  const Bytes message = made_by_openssl(curve_owner(), "SHA1", content());
  const auto result = decrypt_with(software_key(curve_owner().key()), message);
  ASSERT_FALSE(result);
  EXPECT_EQ(result.assume_error().kind, Kind::scheme);
  EXPECT_NE(result.assume_error().sentence.find("SHA-1"), std::string::npos);
}

TEST(EnvelopedData, NamesTheCurveOrNot) {
  const Bytes message = made_here(curve_owner());
  const Bytes unnamed = der::encode_sequence({copy_of(crypto::oid::kEc)});
  const Bytes null = der::encode(der::kNull, ByteView());
  for (const Bytes& parameters : {copy_of(crypto::oid::kP256), null}) {
    const Bytes named = der::encode_sequence({copy_of(crypto::oid::kEc), parameters});
    const Bytes other = with_element(message, unnamed, named);
    EXPECT_NE(other, message);
    EXPECT_EQ(opened(curve_owner(), other), content());
  }
  const Bytes foreign =
      der::encode_sequence({copy_of(crypto::oid::kEc), copy_of(crypto::oid::kP384)});
  EXPECT_EQ(refusal_of(curve_owner(), with_element(message, unnamed, foreign)), Kind::scheme);
}

TEST(EnvelopedData, ForAnotherKeyIsNotDecrypted) {
  const KeyOwner other_curve("P-256");
  const KeyOwner other_rsa("2048");
  EXPECT_EQ(refusal_of(other_curve, made_here(curve_owner())), Kind::not_decrypted);
  EXPECT_EQ(refusal_of(other_rsa, made_here(rsa_owner())), Kind::not_decrypted);
  EXPECT_EQ(refusal_of(rsa_owner(), made_here(curve_owner())), Kind::not_decrypted);
  EXPECT_EQ(refusal_of(curve_owner(), made_here(rsa_owner())), Kind::not_decrypted);
}

// A recipient's name is not authenticated; everything else either is or does not parse.
TEST(EnvelopedData, ChangedAnywhereGivesNothingElse) {
  const Bytes message = made_here(curve_owner());
  const DecryptionKey key = software_key(curve_owner().key());
  std::size_t taken = 0;
  for (std::size_t at = 0; at < message.size(); ++at) {
    Bytes changed = message;
    changed[at] ^= 0x01U;
    const auto result = decrypt_with(key, changed);
    if (!result) continue;
    ++taken;
    EXPECT_TRUE(equal(result.assume_value().reveal(), content())) << at;
  }
  constexpr std::size_t identifier = 20;
  constexpr std::size_t content_type = 9;
  EXPECT_LE(taken, identifier + content_type);
  for (std::size_t size = 0; size < message.size(); ++size)
    EXPECT_EQ(refusal_of(curve_owner(), ByteView(message).first(size)), Kind::malformed);
}

TEST(EnvelopedData, TellsWhatTheKeysOwnerSays) {
  DecryptionKey key;
  key.agree = [](ByteView point) -> Result<Secret, std::string> {
    EXPECT_EQ(point.size(), 65U);
    return "The card was removed.";
  };
  const auto result = decrypt_with(key, made_here(curve_owner()));
  ASSERT_FALSE(result);
  EXPECT_EQ(result.assume_error().kind, Kind::key_failed);
  EXPECT_EQ(result.assume_error().sentence, "The card was removed.");
}

TEST(EnvelopedData, IsMadeForTheseKeysOnly) {
  const KeyOwner short_key("1024");
  const KeyOwner other_curve("P-384");
  for (const Bytes& key : {short_key.spki(), other_curve.spki(), Bytes(), Bytes(20, 1)}) {
    const auto made = encrypt_for({.public_key = key}, content());
    ASSERT_FALSE(made);
    EXPECT_EQ(made.assume_error().kind, Kind::unusable_key);
  }
  EXPECT_FALSE(encrypt_for({.public_key = curve_owner().spki()}, Bytes(kMostEnveloped + 1)));
}

}  // namespace
}  // namespace signet::cms
