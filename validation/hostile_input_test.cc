// Each byte of certificates, CRLs and OCSP answers changed: none of it ends anything but a verdict.

#include <gtest/gtest.h>

#include "validation/chains.h"
#include "validation/reliability.h"
#include "validation/signature_check.h"
#include "validation/testing/test_revocation.h"

namespace signet::validation {
namespace {

// `use` gets the bytes with each of some bits flipped in turn.
template <typename Use>
void with_each_change(const Bytes& der, const Use& use) {
  Bytes changed = der;
  for (std::size_t i = 0; i < der.size(); ++i) {
    for (const unsigned mask : {0x01U, 0x80U, 0xFFU}) {
      changed[i] = static_cast<std::uint8_t>(der[i] ^ mask);
      use(changed);
    }
    changed[i] = der[i];
  }
}

class HostileCertificate : public ::testing::TestWithParam<pki::KeyKind> {};

TEST_P(HostileCertificate, IsReadOrRefused) {
  pki::CertificateWish wish = pki::authority("Root");
  wish.key = GetParam();
  const pki::Party root = pki::root(wish);
  wish = pki::signer("Seal");
  wish.key = GetParam();
  wish.extensions.push_back(pki::crl_distribution_points({"http://ca.example/crl"}));
  wish.extensions.push_back(pki::certificate_policies({"1.3.6.1.4.1.32473.1"}));
  const pki::Party seal = pki::issue(root, wish);
  Policy policy;
  policy.anchors = {{root.certificate, {}}};
  policy.suite =
      std::make_shared<crypto::Suite>(crypto::Suite::shipped(crypto::kDefaultSuite).value());
  const Bytes message = {1, 2, 3};
  const Bytes algorithm = pki::signature_algorithm(*seal.key);
  const Bytes signature = pki::sign(*seal.key, {}, message);
  std::size_t usable = 0;
  with_each_change(seal.der(), [&](const Bytes& changed) {
    const auto parsed = Certificate::parse(changed);
    if (!parsed) return;
    const Certificate& one = *parsed.value();
    (void)one.short_name();
    (void)reliability_of_signature(policy, algorithm, crypto::Hash::none, one.public_key());
    (void)check_signature(algorithm, crypto::Hash::none, one.public_key(), message, signature);
    const Evidence evidence;
    ChainFinder finder(evidence, policy);
    if (finder.chains_for(parsed.value(), Purpose::signing)[0].usable()) ++usable;
  });
  EXPECT_EQ(usable, 0U);
}

INSTANTIATE_TEST_SUITE_P(Keys, HostileCertificate,
                         ::testing::Values(pki::KeyKind::rsa1024, pki::KeyKind::p256,
                                           pki::KeyKind::ed25519, pki::KeyKind::dsa1024));

// ECDSA and PSS have structures of their own.
TEST(HostileSignature, IsBadOrNotComputable) {
  const Bytes message = {1, 2, 3};
  for (const pki::KeyKind kind :
       {pki::KeyKind::p256, pki::KeyKind::rsa1024, pki::KeyKind::dsa1024}) {
    const pki::Key& key = pki::key(kind, "signer");
    const pki::SignatureWish wish{.pss = kind == pki::KeyKind::rsa1024};
    const Bytes algorithm = pki::signature_algorithm(key, wish);
    const Bytes signature = pki::sign(key, wish, message);
    const auto good = [&](ByteView of_algorithm, ByteView of_key, ByteView value) {
      return check_signature(of_algorithm, crypto::Hash::none, of_key, message, value).good();
    };
    with_each_change(signature, [&](const Bytes& changed) {
      EXPECT_FALSE(good(algorithm, key.public_key, changed));
    });
    with_each_change(algorithm,
                     [&](const Bytes& changed) { (void)good(changed, key.public_key, signature); });
    with_each_change(key.public_key,
                     [&](const Bytes& changed) { (void)good(algorithm, changed, signature); });
  }
}

TEST(HostileRevocation, IsReadOrRefused) {
  const pki::Party ca = pki::root(pki::authority("CA"));
  const pki::Party seal = pki::issue(ca, pki::signer("Seal"));
  const pki::Party responder = pki::issue(ca, pki::responder("Responder"));
  pki::CrlWish list;
  list.entries = {pki::entry_of(*seal.certificate, pki::at("2015-01-01"), 1)};
  list.entries[0].certificate_issuer = ca.certificate->subject();
  pki::Scope scope;
  scope.urls = {"http://ca.example/crl"};
  scope.indirect = true;
  scope.reasons = {1};
  list.extensions = {pki::issuing_distribution_point(scope)};
  pki::OcspWish answer;
  answer.answers = {pki::good(seal, ca, pki::at("2016-01-01"), pki::at("2016-01-02"))};
  answer.answers[0].archive_cutoff = pki::at("2009-01-01");
  const auto use = [&](const Result<RevocationDataPtr, std::string>& parsed,
                       const pki::Party& signer) {
    if (!parsed) return;
    (void)parsed.value()->name();
    (void)parsed.value()->status_of(*seal.certificate, *ca.certificate);
    (void)parsed.value()->is_signed_by(*signer.certificate, *ca.certificate);
  };
  with_each_change(pki::crl(ca, list),
                   [&](const Bytes& changed) { use(RevocationData::parse_crl(changed), ca); });
  with_each_change(pki::ocsp(responder, answer), [&](const Bytes& changed) {
    use(RevocationData::parse_ocsp(changed), responder);
  });
}

}  // namespace
}  // namespace signet::validation
