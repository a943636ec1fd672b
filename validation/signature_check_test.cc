#include "validation/signature_check.h"

#include <gtest/gtest.h>

#include "crypto/der.h"
#include "crypto/spki.h"
#include "validation/testing/test_pki.h"

namespace signet::validation {
namespace {

using crypto::Hash;
using pki::KeyKind;
using pki::SignatureWish;
using Outcome = SignatureCheck::Outcome;

const Bytes kMessage = copy_of(view_of("what is signed"));

struct Case {
  KeyKind kind;
  SignatureWish wish = {};
};

class EverySignature : public ::testing::TestWithParam<Case> {};

TEST_P(EverySignature, IsComputed) {
  const pki::Key& key = pki::key(GetParam().kind, "signer");
  const Bytes algorithm = pki::signature_algorithm(key, GetParam().wish);
  Bytes signature = pki::sign(key, GetParam().wish, kMessage);
  const auto check = [&](ByteView message) {
    return check_signature(algorithm, Hash::none, key.public_key, message, signature).outcome;
  };
  EXPECT_EQ(check(kMessage), Outcome::good);
  EXPECT_EQ(check(view_of("what is not signed")), Outcome::bad);
  signature.back() ^= 1U;
  EXPECT_EQ(check(kMessage), Outcome::bad);
  signature.clear();
  EXPECT_EQ(check(kMessage), Outcome::bad);
}

INSTANTIATE_TEST_SUITE_P(
    SignatureCheck, EverySignature,
    ::testing::Values(
        Case{KeyKind::rsa1024, {.md5 = true}}, Case{KeyKind::rsa1024, {.hash = Hash::sha1}},
        Case{KeyKind::rsa2048}, Case{KeyKind::rsa3072, {.hash = Hash::sha512}},
        Case{KeyKind::rsa2048, {.hash = Hash::sha3_256}}, Case{KeyKind::rsa2048, {.pss = true}},
        Case{KeyKind::rsa2048,
             {.hash = Hash::sha512, .pss = true, .mgf_hash = Hash::sha1, .salt_length = 20}},
        Case{KeyKind::rsa2048, {.hash = Hash::sha1, .pss = true, .salt_length = 0}},
        Case{KeyKind::dsa1024, {.hash = Hash::sha1}}, Case{KeyKind::dsa2048}, Case{KeyKind::p256},
        Case{KeyKind::p384, {.hash = Hash::sha384}}, Case{KeyKind::p521, {.hash = Hash::sha1}},
        Case{KeyKind::p256, {.hash = Hash::sha3_512}}, Case{KeyKind::brainpool256},
        Case{KeyKind::ed25519}, Case{KeyKind::ed448}));

TEST_P(EverySignature, IsComputedByACertificatesKey) {
  pki::CertificateWish certificate = pki::signer("signer");
  certificate.key = GetParam().kind;
  const pki::Party signer = pki::root(certificate);
  const SignatureWish& wish = GetParam().wish;
  const Bytes algorithm = pki::signature_algorithm(*signer.key, wish);
  const Bytes signature = pki::sign(*signer.key, wish, kMessage);
  const auto check = [&](ByteView message) {
    return check_signature(algorithm, Hash::none, *signer.certificate, message, signature).outcome;
  };
  EXPECT_EQ(check(kMessage), Outcome::good);
  EXPECT_EQ(check(view_of("what is not signed")), Outcome::bad);
}

// A SignerInfo without signed attributes (RFC 5652, 5.4).
TEST_P(EverySignature, IsComputedOfADigestAlone) {
  const pki::Key& key = pki::key(GetParam().kind, "signer");
  const SignatureWish& wish = GetParam().wish;
  if (wish.md5) return;  // no message digest of ours
  const Bytes algorithm = pki::signature_algorithm(key, wish);
  const Bytes signature = pki::sign(key, wish, kMessage);
  const auto check = [&](ByteView message) {
    return check_signature_of_digest(algorithm, wish.hash, key.public_key,
                                     pki::digest(wish.hash, message), signature)
        .outcome;
  };
  const bool takes_messages = key.kind == KeyKind::ed25519 || key.kind == KeyKind::ed448;
  EXPECT_EQ(check(kMessage), takes_messages ? Outcome::not_computable : Outcome::good);
  EXPECT_EQ(check(view_of("what is not signed")),
            takes_messages ? Outcome::not_computable : Outcome::bad);
}

// rsaEncryption (RFC 3370, 3.2): the hash is the message's.
TEST(SignatureCheck, TakesTheHashOfTheMessageWhereTheAlgorithmNamesNone) {
  const pki::Key& key = pki::key(KeyKind::rsa2048, "signer");
  const Bytes algorithm =
      der::encode_sequence({pki::oid("1.2.840.113549.1.1.1"), der::encode(der::kNull, {})});
  const Bytes signature = pki::sign(key, {}, kMessage);
  const auto check = [&](Hash hash) {
    return check_signature(algorithm, hash, key.public_key, kMessage, signature).outcome;
  };
  EXPECT_EQ(check(Hash::sha256), Outcome::good);
  EXPECT_EQ(check(Hash::sha512), Outcome::bad);
  EXPECT_EQ(check(Hash::none), Outcome::not_computable);
}

TEST(SignatureCheck, RefusesAnotherHashThanTheMessages) {
  const pki::Key& key = pki::key(KeyKind::p256, "signer");
  const auto check = check_signature(pki::signature_algorithm(key), Hash::sha512, key.public_key,
                                     kMessage, pki::sign(key, {}, kMessage));
  EXPECT_EQ(check.outcome, Outcome::bad);
  EXPECT_EQ(text_of(check.why, Language::english),
            "the signature's algorithm names another hash function than the message");
}

TEST(SignatureCheck, RefusesAnAlgorithmOfAnotherKey) {
  const pki::Key& rsa = pki::key(KeyKind::rsa2048, "signer");
  const pki::Key& ec = pki::key(KeyKind::p256, "signer");
  const auto check = check_signature(pki::signature_algorithm(rsa), Hash::none, ec.public_key,
                                     kMessage, pki::sign(ec, {}, kMessage));
  EXPECT_EQ(check.outcome, Outcome::bad);
}

TEST(SignatureCheck, RefusesAnotherSaltThanThatOfItsParameters) {
  const pki::Key& key = pki::key(KeyKind::rsa2048, "signer");
  const Bytes signature = pki::sign(key, {.pss = true, .salt_length = 20}, kMessage);
  const Bytes algorithm = pki::signature_algorithm(key, {.pss = true, .salt_length = 32});
  EXPECT_EQ(check_signature(algorithm, Hash::none, key.public_key, kMessage, signature).outcome,
            Outcome::bad);
}

// ML-DSA (RFC 9881), which OpenSSL 3.0 does not have.
TEST(SignatureCheck, SaysWhichAlgorithmItCannotCompute) {
  const Bytes algorithm = der::encode_sequence({pki::oid("1.3.6.1.4.1.32473.7")});
  const Bytes key = spki::encode(pki::oid("1.3.6.1.4.1.32473.7"), Bytes(64, 1));
  const auto check = check_signature(algorithm, Hash::none, key, kMessage, Bytes(64, 2));
  EXPECT_EQ(check.outcome, Outcome::not_computable);
  EXPECT_EQ(text_of(check.why, Language::english),
            "signatures with the algorithm 1.3.6.1.4.1.32473.7 cannot be computed here");
  EXPECT_EQ(text_of(check.why, Language::czech),
            "podpisy algoritmem 1.3.6.1.4.1.32473.7 zde nelze vypočítat");
}

TEST(SignatureCheck, ComputesNothingWithKeysThatCannotBe) {
  const pki::Key& key = pki::key(KeyKind::rsa2048, "signer");
  const Bytes algorithm = pki::signature_algorithm(key);
  const Bytes signature = pki::sign(key, {}, kMessage);
  const auto outcome = [&](ByteView of_algorithm, ByteView of_key) {
    return check_signature(of_algorithm, Hash::none, of_key, kMessage, signature).outcome;
  };
  EXPECT_EQ(outcome(algorithm, {}), Outcome::not_computable);
  EXPECT_EQ(outcome({}, key.public_key), Outcome::not_computable);
  EXPECT_EQ(outcome(algorithm, ByteView(key.public_key).first(100)), Outcome::not_computable);
  Bytes modulus(16385 / 8 + 1, 0xFF);
  const Bytes exponent = {1, 0, 1};
  EXPECT_EQ(outcome(algorithm, spki::of_rsa(modulus, exponent)), Outcome::not_computable);
}

// A curve by its numbers can be one that its writer made weak.
TEST(SignatureCheck, RefusesCurvesWithoutAName) {
  const pki::Key& key = pki::key(KeyKind::p256, "signer");
  const auto outline = spki::read(key.public_key);
  const Bytes explicit_curve =
      der::concat(outline->algorithm, der::encode_sequence({pki::integer(1)}));
  const auto check = check_signature(pki::signature_algorithm(key), Hash::none,
                                     spki::encode(explicit_curve, outline->key), kMessage,
                                     pki::sign(key, {}, kMessage));
  EXPECT_EQ(check.outcome, Outcome::not_computable);
  EXPECT_EQ(text_of(check.why, Language::english),
            "the signer's public key is not on a named curve");
}

}  // namespace
}  // namespace signet::validation
