// An OpenSSL key whose private half is elsewhere: here with another OpenSSL key, which stands in for
// a token.
#include "pkcs11-client/provider_key.h"

#include <gtest/gtest.h>
#include <openssl/rsa.h>
#include <openssl/ssl.h>

#include "crypto/openssl.h"

namespace signet::pkcs11 {
namespace {

using Scheme = DigestSignature::Scheme;

Bytes one_shot_signature(EVP_PKEY* key, ByteView message) {
  const DigestContextPtr context(EVP_MD_CTX_new());
  std::size_t size = 0;
  if (EVP_DigestSignInit_ex(context.get(), nullptr, nullptr, nullptr, nullptr, key, nullptr) != 1 ||
      EVP_DigestSign(context.get(), nullptr, &size, message.data(), message.size()) != 1) {
    return {};
  }
  Bytes signature(size);
  if (EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1)
    return {};
  return signature;
}

// What a token does with a digest.
Bytes sign_with(EVP_PKEY* key, const DigestSignature& wish, ByteView digest) {
  if (wish.scheme == Scheme::eddsa) return one_shot_signature(key, digest);
  const PkeyContextPtr context(EVP_PKEY_CTX_new_from_pkey(nullptr, key, nullptr));
  EVP_PKEY_sign_init(context.get());
  if (wish.scheme != Scheme::ecdsa) {
    EVP_PKEY_CTX_set_rsa_padding(
        context.get(), wish.scheme == Scheme::rsa_pss ? RSA_PKCS1_PSS_PADDING : RSA_PKCS1_PADDING);
  }
  if (wish.scheme == Scheme::rsa_pss)
    EVP_PKEY_CTX_set_rsa_pss_saltlen(context.get(), static_cast<int>(wish.salt_length));
  EVP_PKEY_CTX_set_signature_md(context.get(), EVP_get_digestbyname(wish.hash.c_str()));
  Bytes signature(static_cast<std::size_t>(EVP_PKEY_get_size(key)));
  std::size_t size = signature.size();
  if (EVP_PKEY_sign(context.get(), signature.data(), &size, digest.data(), digest.size()) != 1)
    return {};
  signature.resize(size);
  return signature;
}

struct Elsewhere {
  explicit Elsewhere(EVP_PKEY* made) : key(made), spki(crypto::der_of(made, i2d_PUBKEY)) {}

  std::unique_ptr<ProviderKey> provided() {
    return ProviderKey::make(spki, [this](const DigestSignature& wish, ByteView digest) {
      ++signatures;
      last = wish;
      return refuses ? Bytes() : sign_with(key.get(), wish, digest);
    });
  }

  PkeyPtr key;
  Bytes spki;
  int signatures = 0;
  bool refuses = false;
  DigestSignature last;
};

Bytes message_signature(EVP_PKEY* key, const char* hash, bool pss, OSSL_LIB_CTX* context) {
  const DigestContextPtr digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  if (EVP_DigestSignInit_ex(digest.get(), &parameters, hash, context, nullptr, key, nullptr) != 1)
    return {};
  if (pss) {
    EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
    EVP_PKEY_CTX_set_rsa_pss_saltlen(parameters, RSA_PSS_SALTLEN_DIGEST);
  }
  EVP_DigestSignUpdate(digest.get(), "mess", 4);
  EVP_DigestSignUpdate(digest.get(), "age", 3);
  std::size_t size = 0;
  if (EVP_DigestSignFinal(digest.get(), nullptr, &size) != 1) return {};
  Bytes signature(size);
  if (EVP_DigestSignFinal(digest.get(), signature.data(), &size) != 1) return {};
  signature.resize(size);
  return signature;
}

bool verifies(EVP_PKEY* key, const char* hash, bool pss, const Bytes& signature) {
  const DigestContextPtr digest(EVP_MD_CTX_new());
  EVP_PKEY_CTX* parameters = nullptr;
  EVP_DigestVerifyInit_ex(digest.get(), &parameters, hash, nullptr, nullptr, key, nullptr);
  if (pss) EVP_PKEY_CTX_set_rsa_padding(parameters, RSA_PKCS1_PSS_PADDING);
  return EVP_DigestVerify(digest.get(), signature.data(), signature.size(),
                          reinterpret_cast<const unsigned char*>("message"), 7) == 1;
}

Elsewhere new_rsa() {
  return Elsewhere(EVP_PKEY_Q_keygen(nullptr, nullptr, "RSA", std::size_t{2048}));
}

Elsewhere new_ec(const char* curve) {
  return Elsewhere(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", curve));
}

Elsewhere new_ed25519() {
  return Elsewhere(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

TEST(ProviderKey, SignsWithWhoeverHasThePrivateHalf) {
  Elsewhere rsa = new_rsa();
  const auto key = rsa.provided();
  ASSERT_TRUE(key);
  for (const char* hash : {"SHA256", "SHA384", "SHA512"}) {
    for (const bool pss : {false, true}) {
      const Bytes made = message_signature(key->get(), hash, pss, crypto::library_context());
      EXPECT_TRUE(verifies(rsa.key.get(), hash, pss, made)) << hash << pss;
      EXPECT_EQ(rsa.last.hash, hash);
      EXPECT_EQ(rsa.last.scheme, pss ? Scheme::rsa_pss : Scheme::rsa_pkcs1);
    }
  }
  EXPECT_EQ(rsa.signatures, 6);
  EXPECT_EQ(rsa.last.salt_length, 64U);
  EXPECT_EQ(rsa.last.mgf_hash, "SHA512");
}

TEST(ProviderKey, SignsWithEcKeys) {
  for (const char* curve : {"P-256", "P-384", "P-521"}) {
    Elsewhere ec = new_ec(curve);
    const auto key = ec.provided();
    ASSERT_TRUE(key) << curve;
    const Bytes made = message_signature(key->get(), "SHA384", false, crypto::library_context());
    EXPECT_TRUE(verifies(ec.key.get(), "SHA384", false, made)) << curve;
    EXPECT_EQ(ec.last.scheme, Scheme::ecdsa);
  }
}

TEST(ProviderKey, SignsMessagesWithEd25519Keys) {
  Elsewhere edwards = new_ed25519();
  const auto key = edwards.provided();
  ASSERT_TRUE(key);
  const Bytes made = one_shot_signature(key->get(), view_of("message"));
  EXPECT_EQ(made.size(), 64U);
  EXPECT_TRUE(verifies(edwards.key.get(), nullptr, false, made));
  EXPECT_EQ(edwards.last.scheme, Scheme::eddsa);
  EXPECT_EQ(EVP_PKEY_eq(key->get(), edwards.key.get()), 1);
}

TEST(ProviderKey, HashesNothingForEd25519) {
  Elsewhere edwards = new_ed25519();
  const auto key = edwards.provided();
  ASSERT_TRUE(key);
  EXPECT_EQ(message_signature(key->get(), "SHA512", false, crypto::library_context()), Bytes());
  EXPECT_EQ(edwards.signatures, 0);
  crypto::openssl_reason();
}

TEST(ProviderKey, IsTheSameKeyAsItsPublicHalf) {
  Elsewhere rsa = new_rsa();
  Elsewhere other = new_rsa();
  const auto key = rsa.provided();
  EXPECT_EQ(EVP_PKEY_eq(key->get(), rsa.key.get()), 1);
  EXPECT_EQ(EVP_PKEY_eq(rsa.key.get(), key->get()), 1);
  EXPECT_NE(EVP_PKEY_eq(key->get(), other.key.get()), 1);
  EXPECT_EQ(EVP_PKEY_get_bits(key->get()), 2048);
  EXPECT_EQ(crypto::der_of(key->get(), i2d_PUBKEY), rsa.spki);
}

TEST(ProviderKey, HasNoPrivateHalfToGiveAway) {
  Elsewhere rsa = new_rsa();
  const auto key = rsa.provided();
  unsigned char* der = nullptr;
  EXPECT_LE(i2d_PrivateKey(key->get(), &der), 0);
  BIGNUM* exponent = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key->get(), "d", &exponent), 0);
  crypto::openssl_reason();
}

TEST(ProviderKey, FailsWhereTheTokenRefuses) {
  Elsewhere ec = new_ec("P-256");
  const auto key = ec.provided();
  ec.refuses = true;
  EXPECT_EQ(message_signature(key->get(), "SHA256", false, crypto::library_context()), Bytes());
  EXPECT_EQ(ec.signatures, 1);
  crypto::openssl_reason();
}

TEST(ProviderKey, RefusesWhatIsNoKey) {
  const auto sign = [](const DigestSignature&, ByteView) { return Bytes(); };
  EXPECT_FALSE(ProviderKey::make(Bytes{0x30, 0x00}, sign));
  Elsewhere other(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED448"));
  EXPECT_FALSE(other.provided());
  crypto::openssl_reason();
}

// --- TLS with a client's key that is on a token, in OpenSSL's default context as curl uses it

struct Handshake {
  bool done = false;
  bool client_was_known = false;
};

using TlsContextPtr = OpensslPtr<SSL_CTX, SSL_CTX_free>;
using TlsPtr = OpensslPtr<SSL, SSL_free>;

Handshake shake_hands(SSL_CTX* client_side, SSL_CTX* server_side) {
  const TlsPtr client(SSL_new(client_side));
  const TlsPtr server(SSL_new(server_side));
  BIO* a = nullptr;
  BIO* b = nullptr;
  BIO_new_bio_pair(&a, 0, &b, 0);
  SSL_set_bio(client.get(), a, a);
  SSL_set_bio(server.get(), b, b);
  SSL_set_connect_state(client.get());
  SSL_set_accept_state(server.get());
  Handshake result;
  for (int turn = 0; turn < 20 && !result.done; ++turn) {
    const int one = SSL_do_handshake(client.get());
    const int other = SSL_do_handshake(server.get());
    result.done = one == 1 && other == 1;
  }
  X509* seen = SSL_get1_peer_certificate(server.get());
  result.client_was_known = seen != nullptr;
  X509_free(seen);
  return result;
}

X509Ptr certified(EVP_PKEY* key, EVP_PKEY* issuer) {
  X509Ptr made(X509_new());
  X509_set_version(made.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(made.get()), key == issuer ? 1 : 2);
  for (X509_NAME* const name : {X509_get_issuer_name(made.get()),
                                key == issuer ? X509_get_subject_name(made.get()) : nullptr}) {
    X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_ASC,
                               reinterpret_cast<const unsigned char*>("root"), -1, -1, 0);
  }
  X509_gmtime_adj(X509_getm_notBefore(made.get()), -60);
  X509_gmtime_adj(X509_getm_notAfter(made.get()), 3600);
  X509_set_pubkey(made.get(), key);
  const OpensslPtr<X509_EXTENSION, X509_EXTENSION_free> authority(X509V3_EXT_conf_nid(
      nullptr, nullptr, NID_basic_constraints, key == issuer ? "critical,CA:TRUE" : "CA:FALSE"));
  X509_add_ext(made.get(), authority.get(), -1);
  X509_sign(made.get(), issuer, EVP_sha256());
  return made;
}

Elsewhere new_p256() {
  return new_ec("P-256");
}

TEST(ProviderKey, AuthenticatesATlsClient) {
  const PkeyPtr root(EVP_PKEY_Q_keygen(nullptr, nullptr, "EC", "P-256"));
  const X509Ptr root_certificate = certified(root.get(), root.get());
  for (const int version : {TLS1_2_VERSION, TLS1_3_VERSION}) {
    for (const auto& make : {new_rsa, new_p256, new_ed25519}) {
      Elsewhere held = make();
      const auto key = held.provided();
      ASSERT_TRUE(key);
      const X509Ptr certificate = certified(held.key.get(), root.get());
      const TlsContextPtr client(SSL_CTX_new(TLS_client_method()));
      const TlsContextPtr server(SSL_CTX_new(TLS_server_method()));
      SSL_CTX_set_max_proto_version(client.get(), version);
      ASSERT_EQ(SSL_CTX_use_certificate(client.get(), certificate.get()), 1);
      ASSERT_EQ(SSL_CTX_use_PrivateKey(client.get(), key->get()), 1);
      ASSERT_EQ(SSL_CTX_check_private_key(client.get()), 1);
      SSL_CTX_use_certificate(server.get(), root_certificate.get());
      SSL_CTX_use_PrivateKey(server.get(), root.get());
      SSL_CTX_set_verify(server.get(), SSL_VERIFY_PEER | SSL_VERIFY_FAIL_IF_NO_PEER_CERT, nullptr);
      X509_STORE_add_cert(SSL_CTX_get_cert_store(server.get()), root_certificate.get());
      const Handshake result = shake_hands(client.get(), server.get());
      EXPECT_TRUE(result.done) << version << crypto::openssl_reason();
      EXPECT_TRUE(result.client_was_known);
      EXPECT_EQ(held.signatures, 1);
    }
  }
}

}  // namespace
}  // namespace signet::pkcs11
