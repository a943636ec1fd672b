// Who may say that a certificate was not revoked: signers of revocation data, and what is asked of them (RFC 5280, 6.3.3; RFC 6960,
// 4.2.2.2; EN 319 102-1, 5.2.6).
#include <gtest/gtest.h>

#include <utility>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::reasons;
using pki::Story;
using pki::text;

const Conclusion& conclusion_of(const ValidationResult& result) {
  return result.signatures.front().conclusion;
}

constexpr const char* kNow = "2014-06-01";
constexpr const char* kNoData = "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE";

// RFC 6960, 4.2.2.2.1: id-pkix-ocsp-nocheck is a responder's alone.
TEST(RevocationSigners, NocheckSaysNothingOfASigner) {
  Story story;
  pki::CertificateWish wish = pki::signer("Seal without a check");
  wish.extensions.push_back(pki::ocsp_nocheck());
  story.signer = pki::issue(story.ca, wish);
  story.sign();
  EXPECT_EQ(text(conclusion_of(story.validate(kNow))), kNoData);
  story.add_crl(story.ca, "2014-05-31", "2014-06-07",
                {pki::entry_of(*story.signer.certificate, at("2014-05-01"))});
  EXPECT_EQ(text(conclusion_of(story.validate(kNow))), "INDETERMINATE/REVOKED_NO_POE");
}

// RFC 9608, 4: noRevAvail, and likewise the short term, are no authority's.
TEST(RevocationSigners, NoAuthorityIsOfAShortTerm) {
  Story story;
  pki::CertificateWish wish = pki::authority("Middle");
  wish.extensions.push_back(pki::short_term());
  const pki::Party middle = pki::issue(story.ca, wish);
  story.signer = pki::issue(middle, pki::signer("Below"));
  story.sign();
  story.add_certificate(middle);
  story.add_crl(middle, "2014-05-31", "2014-06-07");
  EXPECT_EQ(text(conclusion_of(story.validate(kNow))), kNoData);
  story.add_crl(story.ca, "2014-05-31", "2014-06-07");
  EXPECT_EQ(text(conclusion_of(story.validate(kNow))), "PASSED");
}

// RFC 5280, 6.3.3 f: the signer of a CRL and the certificate have the same anchor.
TEST(RevocationSigners, NamesakesBelowAnotherAnchorSayNothing) {
  const auto with = [](bool same_root, bool is_anchor) {
    Story story;
    pki::CertificateWish wish = pki::authority("Middle");
    const pki::Party middle = pki::issue(story.ca, wish);
    story.signer = pki::issue(middle, pki::signer("Below"));
    story.sign();
    wish.key_name = "another key";
    const pki::Party namesake = pki::issue(same_root ? story.ca : story.tsa, wish);
    story.add_certificate(middle);
    story.add_certificate(namesake);
    if (is_anchor) story.policy.anchors.push_back({namesake.certificate, {}});
    story.add_crl(namesake, "2014-05-31", "2014-06-07");
    ValidationResult result = story.validate_with_fresh(kNow);
    return std::pair(text(conclusion_of(result)), reasons(conclusion_of(result)));
  };
  EXPECT_EQ(with(true, false).first, "PASSED");  // the authority's next key
  for (const bool is_anchor : {false, true}) {
    const auto [verdict, why] = with(false, is_anchor);
    EXPECT_EQ(verdict, kNoData);
    EXPECT_NE(why.find("is not below the trust anchor of the certificate of Below"),
              std::string::npos)
        << why;
  }
}

// What is signed by a certificate that anybody may have made by now.
TEST(RevocationSigners, AreIssuedByAGoodAlgorithm) {
  const auto with = [](crypto::Hash hash) {
    Story story;
    story.sign();
    pki::CertificateWish wish = pki::responder("Responder");
    wish.signature.hash = hash;
    pki::OcspWish ocsp;
    ocsp.answers = {pki::good(story.signer, story.ca, at("2014-05-31"), at("2014-06-02"))};
    story.add_ocsp(pki::issue(story.ca, wish), ocsp);
    return text(conclusion_of(story.validate(kNow)));
  };
  EXPECT_EQ(with(crypto::Hash::sha256), "PASSED");
  EXPECT_EQ(with(crypto::Hash::sha1), "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
}

// A responder without nocheck, whose authority got another certificate for the same key when the first one had ended: its chains
// are the same but for that, and one of them is enough.
TEST(RevocationSigners, AreJudgedInEachOfTheirChains) {
  for (const bool renewed : {false, true}) {
    Story story;
    pki::CertificateWish authority = pki::authority("Middle");
    authority.not_before = at("2012-01-01");
    authority.not_after = at("2014-05-15");
    const pki::Party ended = pki::issue(story.ca, authority);
    authority.not_before = at("2014-05-01");
    authority.not_after = at("2020-01-01");
    const pki::Party middle = pki::issue(story.ca, authority);
    story.signer = pki::issue(middle, pki::signer("Below"));
    story.sign();
    story.add_certificate(ended);
    if (renewed) story.add_certificate(middle);
    pki::CertificateWish wish = pki::responder("Responder");
    wish.extensions = {pki::key_usage({0}), pki::extended_key_usage({pki::kOcspSigning}, false)};
    const pki::Party responder = pki::issue(middle, wish);
    pki::OcspWish ocsp;
    ocsp.answers = {pki::good(story.signer, middle, at("2014-05-31"), at("2014-06-02"))};
    story.add_ocsp(responder, ocsp);
    ocsp.answers = {pki::good(responder, middle, at("2014-05-31"), at("2014-06-02"))};
    ocsp.with_certificate = false;
    story.add_ocsp(middle, ocsp);
    const Conclusion found = conclusion_of(story.validate_with_fresh(kNow));
    EXPECT_EQ(text(found), renewed ? "PASSED" : kNoData) << reasons(found);
  }
}

// A weak signature in one of the chains does not count where another one is good.
TEST(RevocationSigners, AreAsStrongAsTheStrongestOfTheirChains) {
  for (const bool renewed : {false, true}) {
    Story story;
    pki::CertificateWish authority = pki::authority("Middle");
    const auto issue = [&](crypto::Hash hash) {
      authority.signature.hash = hash;
      return pki::issue(story.ca, authority);
    };
    const pki::Party weak = issue(crypto::Hash::sha1);
    const pki::Party middle = issue(crypto::Hash::sha256);
    story.signer = pki::issue(middle, pki::signer("Below"));
    story.sign();
    story.add_certificate(weak);
    if (renewed) story.add_certificate(middle);
    pki::OcspWish ocsp;
    ocsp.answers = {pki::good(story.signer, middle, at("2014-05-31"), at("2014-06-02"))};
    story.add_ocsp(pki::issue(middle, pki::responder("Responder")), ocsp);
    const Conclusion found = conclusion_of(story.validate_with_fresh(kNow));
    EXPECT_EQ(text(found), renewed ? "PASSED" : "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE")
        << reasons(found);
  }
}

// A responder that was revoked stays so, whatever is said of it later.
TEST(RevocationSigners, StayRevoked) {
  Story story;
  story.sign();
  pki::CertificateWish wish = pki::responder("Responder");
  wish.extensions = {pki::key_usage({0}), pki::extended_key_usage({pki::kOcspSigning}, false)};
  const pki::Party responder = pki::issue(story.ca, wish);
  pki::OcspWish ocsp;
  ocsp.answers = {pki::good(story.signer, story.ca, at("2014-05-31"), at("2014-06-02"))};
  story.add_ocsp(responder, ocsp);
  ocsp.answers = {pki::good(responder, story.ca, at("2014-05-30"), at("2014-06-02"))};
  ocsp.answers[0].status = pki::OcspSingle::Status::revoked;
  ocsp.answers[0].revoked_at = at("2014-05-29");
  story.add_ocsp(pki::issue(story.ca, pki::responder("Other responder")), ocsp);
  ocsp.answers[0].status = pki::OcspSingle::Status::good;
  ocsp.answers[0].this_update = at("2014-05-31");
  story.add_ocsp(pki::issue(story.ca, pki::responder("Other responder")), ocsp);
  EXPECT_EQ(text(conclusion_of(story.validate(kNow))), kNoData);
}

}  // namespace
}  // namespace signet::validation
