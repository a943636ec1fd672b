// Building blocks one by one: cryptographic verification (EN 319 102-1, 5.2.7), identification (5.2.3), what decides first, and
// what is only said.
#include <gtest/gtest.h>

#include <algorithm>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::reasons;
using pki::Story;
using pki::text;

constexpr const char* kNow = "2014-06-01";

const SignatureResult& first(const ValidationResult& result) {
  return result.signatures.front();
}

std::string verdict(Story& story) {
  return text(first(story.validate_with_fresh(kNow)).conclusion);
}

bool warns(const Conclusion& conclusion, std::string_view part) {
  return std::ranges::any_of(conclusion.warnings, [&](const Statement& warning) {
    return text_of(warning, Language::english).find(part) != std::string::npos;
  });
}

Story with_stamp() {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
  return story;
}

std::string stamp_verdict(Story& story) {
  return text(first(story.validate_with_fresh(kNow)).time_stamps.front().conclusion);
}

TimeStampPart& stamp_of(Story& story) {
  return story.parts.signatures[0].signature_time_stamps[0];
}

// RFC 5652, 5.4: the signature is over the content's digest itself.
TEST(Details, VerifiesSignaturesWithoutSignedAttributes) {
  Story story;
  pki::MessageWish wish;
  wish.signed_attributes = false;
  story.sign(wish);
  EXPECT_EQ(verdict(story), "PASSED");
  story.parts.signatures[0].signer.content_digest[0] ^= 1U;
  EXPECT_EQ(text(first(story.validate(kNow)).conclusion), "FAILED/SIG_CRYPTO_FAILURE");
}

TEST(Details, VerifiesUnsortedAttributesAsEncodedAndThenSorted) {
  Story story;
  story.sign();
  SignerPart& signer = story.parts.signatures[0].signer;
  signer.signed_attributes_sorted = signer.signed_attributes;
  signer.signed_attributes.back() ^= 1U;
  const ValidationResult sorted = story.validate_with_fresh(kNow);
  EXPECT_EQ(text(first(sorted).conclusion), "PASSED");
  EXPECT_TRUE(warns(first(sorted).conclusion, "not sorted"));
  std::swap(signer.signed_attributes, signer.signed_attributes_sorted);
  EXPECT_EQ(text(first(story.validate(kNow)).conclusion), "PASSED");
  signer.signed_attributes = signer.signed_attributes_sorted;
  EXPECT_EQ(text(first(story.validate(kNow)).conclusion), "FAILED/SIG_CRYPTO_FAILURE");
}

TEST(Details, WantsAMessageDigest) {
  Story story;
  story.sign();
  story.parts.signatures[0].signer.message_digest.reset();
  EXPECT_EQ(verdict(story), "FAILED/FORMAT_FAILURE");
}

TEST(Details, TellsWhyAnImprintDoesNotHold) {
  Story story = with_stamp();
  EXPECT_EQ(stamp_verdict(story), "PASSED");
  stamp_of(story).imprint_matches = false;
  EXPECT_EQ(stamp_verdict(story), "FAILED/HASH_FAILURE");
  stamp_of(story).imprint_matches.reset();
  EXPECT_EQ(stamp_verdict(story), "INDETERMINATE/SIGNED_DATA_NOT_FOUND");
  stamp_of(story).imprint_hash = crypto::Hash::none;
  stamp_of(story).imprint_hash_oid = "1.2.3\x1b[2J";
  const ValidationResult result = story.validate(kNow);
  const Conclusion& conclusion = first(result).time_stamps.front().conclusion;
  EXPECT_EQ(text(conclusion), "INDETERMINATE");
  EXPECT_EQ(reasons(conclusion).find('\x1b'), std::string::npos);
  EXPECT_EQ(first(result).best_signature_time.time, at(kNow));
}

TEST(Details, KnowsATokenWhoseContentIsNotWhatWasSigned) {
  Story story = with_stamp();
  stamp_of(story).signer.content_digest[0] ^= 1U;
  EXPECT_EQ(stamp_verdict(story), "FAILED/HASH_FAILURE");
}

// RFC 3161, 2.3.
TEST(Details, WantsATimeStampersCertificate) {
  Story story;
  story.sign();
  story.stamp_signature(pki::issue(story.tsa, pki::signer("No TSU")), "2014-05-06");
  EXPECT_EQ(stamp_verdict(story), "INDETERMINATE/CHAIN_CONSTRAINTS_FAILURE");
}

// A token that claims to be older than its signer's certificate.
TEST(Details, KnowsATokenFromBeforeItsSignersCertificate) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2014-05-10", "2030-01-01"), "2014-05-06");
  EXPECT_EQ(stamp_verdict(story), "FAILED/NOT_YET_VALID");
}

TEST(Details, FindsTheSignerByItsKeyIdentifierToo) {
  Story story;
  story.sign();
  SignerPart& signer = story.parts.signatures[0].signer;
  signer.issuer.clear();
  signer.serial_number.clear();
  signer.subject_key_identifier = story.signer.certificate->key_identifier();
  EXPECT_EQ(verdict(story), "PASSED");
  signer.subject_key_identifier.clear();
  EXPECT_EQ(text(first(story.validate(kNow)).conclusion),
            "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
}

// A second certificate with the same issuer and number, and only one that the signed attribute names.
TEST(Details, TakesTheCertificateThatTheSignedAttributeNames) {
  Story story;
  pki::CertificateWish wish = pki::signer("Twin");
  wish.not_before = at("2013-01-01");
  wish.not_after = at("2015-01-01");
  wish.serial = Bytes{0x51};
  const pki::Party other = pki::issue(story.ca, wish);
  wish.not_after = at("2016-01-01");
  story.signer = pki::issue(story.ca, wish);
  story.add_certificate(other);
  story.sign();
  const ValidationResult result = story.validate_with_fresh(kNow);
  EXPECT_EQ(text(first(result).conclusion), "PASSED");
  EXPECT_EQ(first(result).chain.front().certificate->id(), story.signer.certificate->id());
}

TEST(Details, WarnsOfAWeakReference) {
  Story story;
  story.sign();
  story.parts.signatures[0].signer.certificate_references = {
      {crypto::Hash::sha1, pki::digest(crypto::Hash::sha1, story.signer.der()), {}}};
  const ValidationResult result = story.validate_with_fresh(kNow);
  EXPECT_EQ(text(first(result).conclusion), "PASSED");
  EXPECT_TRUE(warns(first(result).conclusion, "names the signing certificate by SHA-1"));
}

// adbe.pkcs7.sha1 rests on SHA-1 (until 2012-08-01).
TEST(Details, JudgesTheDigestOfPkcs7Sha1) {
  Story story;
  story.sign().format = Format::pdf_sha1;
  EXPECT_EQ(verdict(story), "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
}

// An anchor's own dates are not asked for.
TEST(Details, TrustsAnAnchorThatSigns) {
  Story story;
  story.policy.anchors.push_back({story.signer.certificate, {}});
  story.sign();
  EXPECT_EQ(text(first(story.validate("2020-01-01")).conclusion), "PASSED");
  EXPECT_EQ(text(first(story.validate("2010-01-01")).conclusion), "PASSED");
}

// Whatever they are worth: the signature that they are over is judged without them.
TEST(Details, JudgesCounterSignaturesBesideTheSignature) {
  Story story;
  story.sign();
  SignaturePart counter = pki::signature_part(story.signer, {});
  counter.signer.content_type.clear();
  story.parts.signatures[0].counter_signatures = {counter, counter};
  story.parts.signatures[0].counter_signatures[1].signer.content_digest[0] ^= 1U;
  const ValidationResult result = story.validate_with_fresh(kNow);
  EXPECT_EQ(text(first(result).conclusion), "PASSED");
  ASSERT_EQ(first(result).counter_signatures.size(), 2U);
  EXPECT_EQ(text(first(result).counter_signatures[0].conclusion), "PASSED");
  const Conclusion& changed = first(result).counter_signatures[1].conclusion;
  EXPECT_EQ(text(changed), "FAILED/HASH_FAILURE");
  EXPECT_NE(reasons(changed).find("over another signature"), std::string::npos);
  EXPECT_TRUE(warns(first(result).conclusion, "counter-signature 2 is FAILED/HASH_FAILURE"));
  EXPECT_FALSE(warns(first(result).conclusion, "counter-signature 1"));
}

TEST(Details, NamesTheTimeStampsThatProveNothing) {
  Story story = with_stamp();
  stamp_of(story).imprint_matches = false;
  story.add_crl(story.ca, "2014-12-30", "2015-01-07");
  const ValidationResult result = story.validate_with_fresh("2016-01-01");
  EXPECT_NE(reasons(first(result).conclusion)
                .find("the time-stamp of 2014-05-06T00:00:00Z proves nothing: FAILED/HASH_FAILURE"),
            std::string::npos);
}

// What decides is what comes first in 5.3.4, whatever else is wrong.
TEST(Details, DecidesInTheStandardsOrder) {
  static constexpr Sentence kBroken{"broken", "vadné"};
  Story story;
  story.sign();
  story.policy.anchors.clear();
  SignerPart& signer = story.parts.signatures[0].signer;
  const auto now = [&] { return text(first(story.validate(kNow)).conclusion); };
  EXPECT_EQ(now(), "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND");
  signer.policy_oid = "1.2.3";
  EXPECT_EQ(now(), "INDETERMINATE/SIGNATURE_POLICY_NOT_AVAILABLE");
  signer.signature.back() ^= 1U;
  EXPECT_EQ(now(), "FAILED/SIG_CRYPTO_FAILURE");
  signer.certificate_references[0].digest[0] ^= 1U;
  EXPECT_EQ(now(), "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
  signer.content_digest[0] ^= 1U;
  EXPECT_EQ(now(), "FAILED/HASH_FAILURE");
  signer.content_missing = true;
  EXPECT_EQ(now(), "INDETERMINATE/SIGNED_DATA_NOT_FOUND");
  signer.fault = say(kBroken);
  EXPECT_EQ(now(), "FAILED/FORMAT_FAILURE");
}

// CAdES: an archive time-stamp carries a signature as a document time-stamp does.
TEST(Details, TakesProofsFromArchiveTimeStamps) {
  Story story = with_stamp();
  SignaturePart& signature = story.parts.signatures[0];
  signature.format = Format::cades;
  story.add_crl(story.ca, "2014-12-30", "2015-01-07");
  story.add_crl(story.tsa, "2014-12-30", "2015-01-07");
  pki::TokenWish wish;
  wish.time = at("2014-12-31");
  const pki::Party unit = story.tsu("Archive", "2013-01-01", "2030-01-01");
  const std::set<ObjectId> covered = story.everything();
  story.add_certificate(unit, Origin::time_stamp);
  signature.archive_time_stamps.push_back(
      pki::time_stamp_part(unit, TimeStampKind::archive, wish, covered));
  story.policy.anchors[0].until = at("2014-12-31T12:00:00Z");
  const ValidationResult result = story.validate_with_fresh("2016-01-01");
  EXPECT_EQ(text(first(result).conclusion), "PASSED") << reasons(first(result).conclusion);
  EXPECT_EQ(first(result).level, Level::b_lta);
  EXPECT_EQ(first(result).time_stamps.size(), 2U);
}

// A responder whose certificate was not valid when it answered, and one that no anchor stands behind.
TEST(Details, BelievesNoResponderOutsideItsValidity) {
  for (const bool outside : {false, true}) {
    Story story;
    story.sign();
    pki::CertificateWish wish = pki::responder("Responder");
    if (outside) wish.not_before = at("2014-05-31T12:00:00Z");
    pki::OcspWish ocsp;
    ocsp.answers = {pki::good(story.signer, story.ca, at("2014-05-31"), at("2014-06-02"))};
    ocsp.produced_at = at("2014-05-31");
    story.add_ocsp(pki::issue(story.ca, wish), ocsp);
    EXPECT_EQ(text(first(story.validate(kNow)).conclusion),
              outside ? "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE" : "PASSED");
  }
}

TEST(Details, TakesNothingFromAResponderThatDoesNotKnow) {
  Story story;
  story.sign();
  pki::OcspWish ocsp;
  ocsp.answers = {pki::good(story.signer, story.ca, at("2014-05-31"), at("2014-06-02"))};
  ocsp.answers[0].status = pki::OcspSingle::Status::unknown;
  story.add_ocsp(pki::issue(story.ca, pki::responder("Responder")), ocsp);
  const ValidationResult result = story.validate(kNow);
  EXPECT_EQ(text(first(result).conclusion), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  EXPECT_NE(reasons(first(result).conclusion).find("does not know"), std::string::npos);
}

// EN 319 412-1, 5.2.
TEST(Details, AsksNothingAboutShortTermCertificates) {
  Story story;
  pki::CertificateWish wish = pki::signer("Short");
  wish.not_before = at("2014-05-31");
  wish.not_after = at("2014-06-02");
  wish.extensions.push_back(pki::short_term());
  story.signer = pki::issue(story.ca, wish);
  story.sign();
  EXPECT_EQ(text(first(story.validate(kNow)).conclusion), "PASSED");
  const ValidationResult ended = story.validate("2014-07-01");
  EXPECT_EQ(text(first(ended).conclusion), "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
  EXPECT_TRUE(first(ended).chain[0].revocation.why_none);
}

}  // namespace
}  // namespace signet::validation
