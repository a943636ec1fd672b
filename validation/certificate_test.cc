#include "validation/certificate.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/der.h"
#include "validation/evidence.h"
#include "validation/testing/test_pki.h"

namespace signet::validation {
namespace {

using ::testing::ElementsAre;

std::string error_of(ByteView der) {
  const auto parsed = Certificate::parse(der);
  return parsed ? std::string() : parsed.error();
}

TEST(Certificate, TellsWhatItHolds) {
  pki::CertificateWish wish = pki::authority("Root");
  wish.not_before = pki::at("2009-09-01T10:00:00Z");
  wish.not_after = pki::at("2059-09-01");
  wish.serial = Bytes{0x00, 0xAB, 0xCD};
  const pki::Party root = pki::root(wish);
  const Certificate& certificate = *root.certificate;
  EXPECT_EQ(certificate.subject_text(), "CN=Root,O=Test");
  EXPECT_EQ(certificate.short_name(), "Root");
  EXPECT_EQ(certificate.serial_text(), "ABCD");
  EXPECT_EQ(certificate.serial_number(), *wish.serial);
  EXPECT_EQ(certificate.public_key(), root.key->public_key);
  EXPECT_EQ(certificate.key_identifier(), root.key->identifier);
  EXPECT_EQ(certificate.authority_key_identifier(), root.key->identifier);
  EXPECT_EQ(certificate.signature_algorithm(), pki::signature_algorithm(*root.key));
  EXPECT_EQ(certificate.id(), ObjectId::of(certificate.der()));
  EXPECT_TRUE(certificate.is_ca());
  EXPECT_TRUE(certificate.is_self_issued());
  EXPECT_FALSE(certificate.has_ocsp_nocheck());
  EXPECT_FALSE(certificate.is_short_term());
}

// RFC 5280, 4.1.2.5.
TEST(Certificate, IsValidAtBothItsMoments) {
  pki::CertificateWish wish = pki::signer("Seal");
  wish.not_before = pki::at("2012-01-01");
  wish.not_after = pki::at("2013-01-01");
  const CertificatePtr certificate = pki::root(wish).certificate;
  using std::chrono::seconds;
  EXPECT_TRUE(certificate->is_within_validity(wish.not_before));
  EXPECT_TRUE(certificate->is_within_validity(wish.not_after));
  EXPECT_FALSE(certificate->is_within_validity(wish.not_before - seconds(1)));
  EXPECT_FALSE(certificate->is_within_validity(wish.not_after + seconds(1)));
  wish.not_after = pki::kNoEnd;
  EXPECT_EQ(pki::root(wish).certificate->not_after(), pki::kNoEnd);
}

TEST(Certificate, TellsAddressesOfHttpOnly) {
  pki::CertificateWish wish = pki::signer("Seal");
  wish.extensions.push_back(pki::crl_distribution_points(
      {"ldap://ca.example/crl", "http://ca.example/a.crl", "https://ca.example/b.crl"}));
  wish.extensions.push_back(
      pki::authority_information({"http://ocsp.example", "file:///etc/passwd"},
                                 {"http://ca.example/ca.cer", "http://ca.example/\x1b[2J"}));
  const CertificatePtr certificate = pki::root(wish).certificate;
  EXPECT_THAT(certificate->crl_urls(),
              ElementsAre("http://ca.example/a.crl", "https://ca.example/b.crl"));
  EXPECT_THAT(certificate->ocsp_urls(), ElementsAre("http://ocsp.example"));
  EXPECT_THAT(certificate->issuer_urls(), ElementsAre("http://ca.example/ca.cer"));
}

TEST(Certificate, KeepsFewOfManyAddresses) {
  pki::CertificateWish wish = pki::signer("Seal");
  std::vector<std::string> urls(100, "http://ca.example/crl");
  urls[0] = "http://ca.example/" + std::string(3000, 'a');
  wish.extensions.push_back(pki::crl_distribution_points(urls));
  EXPECT_EQ(pki::root(wish).certificate->crl_urls().size(), 16U);
}

TEST(Certificate, KnowsWhoseRevocationNobodyAsksFor) {
  EXPECT_TRUE(pki::root(pki::responder("Responder")).certificate->has_ocsp_nocheck());
  pki::CertificateWish wish = pki::signer("Seal");
  wish.extensions.push_back(pki::short_term());
  EXPECT_TRUE(pki::root(wish).certificate->is_short_term());
}

TEST(Certificate, HasAPrintableNameOfBoundedLength) {
  pki::CertificateWish wish = pki::signer("a\x1b[31mb");
  EXPECT_EQ(pki::root(wish).certificate->short_name().find('\x1b'), std::string::npos);
  wish.name = std::string(5000, 'x');
  EXPECT_LT(pki::root(wish).certificate->subject_text().size(), 520U);
}

TEST(Certificate, RefusesWhatIsNotOne) {
  const Bytes der = pki::root(pki::signer("Seal")).der();
  EXPECT_EQ(error_of({}), "it is not one certificate in DER");
  for (std::size_t size = 1; size < der.size(); size += 7)
    EXPECT_NE(error_of(ByteView(der).first(size)), "") << size;
  EXPECT_NE(error_of(der::concat(der, der)), "");
  EXPECT_EQ(error_of(Bytes(2U << 20U)), "the certificate is larger than 1 MiB");
}

// RFC 5280, 4.1.1.2.
TEST(Certificate, RefusesTwoSignatureAlgorithms) {
  const pki::Party root = pki::root(pki::authority("Root"));
  der::Reader outer(*der::only(der::kSequence, root.der()));
  const ByteView body = *outer.read_whole(der::kSequence);
  const pki::SignatureWish other{.hash = crypto::Hash::sha384};
  EXPECT_EQ(error_of(pki::signed_structure(*root.key, other, body)),
            "the certificate names two different signature algorithms");
}

// RFC 5280, 7.1.
TEST(Certificate, ComparesNamesWhateverTheirStringType) {
  const pki::Party root = pki::root(pki::authority("Root  CA"));
  const pki::Key& key = pki::key(pki::KeyKind::p256, "leaf");
  const auto relative = [](const char* type, std::uint8_t tag, std::string_view text) {
    return der::encode(der::kSet,
                       der::encode_sequence({pki::oid(type), der::encode(tag, view_of(text))}));
  };
  Bytes content = relative("2.5.4.10", der::kPrintableString, "TEST");
  der::append(content, relative("2.5.4.3", der::kPrintableString, "root ca"));
  const auto leaf = Certificate::parse(
      pki::certificate_der(key, der::encode(der::kSequence, content), pki::signer("Leaf")));
  ASSERT_TRUE(leaf);
  EXPECT_TRUE(root.certificate->has_subject_of_issuer(*leaf.value()));
  EXPECT_FALSE(leaf.value()->has_subject_of_issuer(*root.certificate));
}

TEST(Evidence, KeepsEachCertificateOnceWithItsOrigins) {
  Evidence evidence;
  const pki::Party root = pki::root(pki::authority("Root"));
  const auto again = Certificate::parse(root.der());
  EXPECT_TRUE(evidence.add(root.certificate, Origin::message));
  EXPECT_TRUE(evidence.add(again.value(), Origin::dss));
  EXPECT_TRUE(evidence.add(again.value(), Origin::dss));
  ASSERT_EQ(evidence.certificates().size(), 1U);
  EXPECT_THAT(evidence.certificates()[0].origins, ElementsAre(Origin::message, Origin::dss));
  EXPECT_EQ(evidence.find(root.certificate->id()), root.certificate);
  EXPECT_EQ(evidence.find(ObjectId{}), nullptr);
}

TEST(Evidence, FindsIssuersTheOneWithTheKeyFirst) {
  Evidence evidence;
  pki::CertificateWish wish = pki::authority("Root");
  wish.key_name = "old";
  const pki::Party old = pki::root(wish);
  wish.key_name = "new";
  const pki::Party current = pki::root(wish);
  const pki::Party leaf = pki::issue(current, pki::signer("Leaf"));
  for (const pki::Party* one : {&old, &current, &leaf})
    evidence.add(one->certificate, Origin::message);
  EXPECT_THAT(evidence.issuers_for(*leaf.certificate),
              ElementsAre(current.certificate, old.certificate));
}

TEST(Evidence, IsBounded) {
  Evidence evidence;
  const pki::Key& key = pki::key(pki::KeyKind::ed25519, "many");
  pki::CertificateWish wish = pki::signer("Many");
  wish.key = pki::KeyKind::ed25519;
  wish.key_name = "many";
  for (int i = 0; i < 4096; ++i) {
    auto one = Certificate::parse(pki::certificate_der(key, pki::name("Many"), wish));
    ASSERT_TRUE(evidence.add(std::move(one).value(), Origin::message));
  }
  EXPECT_FALSE(evidence.is_full());
  EXPECT_FALSE(evidence.add(pki::root(pki::signer("One more")).certificate, Origin::message));
  EXPECT_TRUE(evidence.is_full());
  EXPECT_EQ(evidence.certificates().size(), 4096U);
}

}  // namespace
}  // namespace signet::validation
