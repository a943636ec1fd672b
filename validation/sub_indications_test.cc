// Every sub-indication of EN 319 102-1, table 6, from an input that leads to it.
#include <gtest/gtest.h>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::Story;
using pki::text;

// A signature whose certificate is valid at kNow, with a time-stamp, and everything fresh.
constexpr const char* kNow = "2014-06-01";

Story signed_story(const pki::MessageWish& wish = {}) {
  Story story;
  story.sign(wish);
  return story;
}

pki::MessageWish claiming(std::string_view time) {
  pki::MessageWish wish;
  wish.signing_time = at(time);
  return wish;
}

std::string verdict(Story& story, std::string_view time = kNow) {
  const ValidationResult result = story.validate_with_fresh(time);
  const Conclusion& conclusion = result.signatures.front().conclusion;
  EXPECT_EQ(conclusion.passed(), conclusion.sub_indication == SubIndication::none &&
                                     conclusion.indication == Indication::passed);
  EXPECT_TRUE(conclusion.passed() || !conclusion.reasons.empty());
  for (const Statement& reason : conclusion.reasons)
    EXPECT_FALSE(text_of(reason, Language::czech).empty());
  return text(conclusion);
}

TEST(SubIndication, NoneWhereItPasses) {
  Story story = signed_story();
  EXPECT_EQ(verdict(story), "PASSED");
}

TEST(SubIndication, FormatFailureWhereTheMessageCannotBeRead) {
  static constexpr Sentence kBroken{"broken", "vadné"};
  Story story = signed_story();
  story.parts.signatures[0].signer.fault = say(kBroken);
  EXPECT_EQ(verdict(story), "FAILED/FORMAT_FAILURE");
}

TEST(SubIndication, FormatFailureWhereTheByteRangeIsWrong) {
  static constexpr Sentence kBroken{"broken", "vadné"};
  Story story = signed_story();
  story.parts.signatures[0].pdf = pki::faulty(kBroken);
  EXPECT_EQ(verdict(story), "FAILED/FORMAT_FAILURE");
}

// 5.2.2, read strictly: a change that nothing permits.
TEST(SubIndication, FormatFailureWhereTheDocumentWasChanged) {
  static constexpr Sentence kWhat{"the content of page 1 was replaced",
                                  "obsah strany 1 byl nahrazen"};
  Story story = signed_story();
  PdfCoverage coverage;
  coverage.changes.push_back(pki::change(ChangeKind::time_stamp, true, kWhat));
  story.parts.signatures[0].pdf = coverage;
  EXPECT_EQ(verdict(story), "PASSED");
  coverage.changes.push_back(pki::change(ChangeKind::page_content, false, kWhat));
  story.parts.signatures[0].pdf = coverage;
  const ValidationResult result = story.validate(kNow);
  EXPECT_EQ(text(result.signatures[0].conclusion), "FAILED/FORMAT_FAILURE");
  EXPECT_EQ(result.signatures[0].conclusion.reasons.front().sentence, &kWhat);
}

TEST(SubIndication, HashFailure) {
  Story story = signed_story();
  story.parts.signatures[0].signer.content_digest = pki::digest(crypto::Hash::sha256, {});
  EXPECT_EQ(verdict(story), "FAILED/HASH_FAILURE");
}

TEST(SubIndication, SigCryptoFailure) {
  Story story = signed_story();
  story.parts.signatures[0].signer.signed_attributes.back() ^= 1U;
  EXPECT_EQ(verdict(story), "FAILED/SIG_CRYPTO_FAILURE");
}

// 5.3.4: only a content time-stamp that is valid at the validation time itself makes a revocation final.
TEST(SubIndication, RevokedWithAContentTimeStamp) {
  Story story = signed_story();
  story.add_crl(story.ca, "2014-05-31", "2014-06-07",
                {pki::entry_of(*story.signer.certificate, at("2014-03-01"), 1)});
  Story without = story;
  EXPECT_EQ(text(without.validate(kNow).signatures[0].conclusion), "INDETERMINATE/REVOKED_NO_POE");
  story.stamp_content(story.tsu("TSU", "2013-01-01", "2018-01-01"), "2014-04-01");
  story.add_crl(story.tsa, "2014-05-31", "2014-06-07");
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion), "FAILED/REVOKED");
}

TEST(SubIndication, ExpiredWithAContentTimeStamp) {
  Story story = signed_story();
  story.add_crl(story.ca, "2014-12-31", "2015-01-07");
  Story without = story;
  EXPECT_EQ(verdict(without, "2016-01-01"), "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
  story.stamp_content(story.tsu("TSU", "2013-01-01", "2018-01-01"), "2015-02-01");
  EXPECT_EQ(verdict(story, "2016-01-01"), "FAILED/EXPIRED");
}

TEST(SubIndication, NotYetValid) {
  Story story = signed_story();
  EXPECT_EQ(verdict(story, "2012-12-01"), "FAILED/NOT_YET_VALID");
}

// 5.5.4: also where the certificate is valid by now.
TEST(SubIndication, NotYetValidByAnOldTimeStamp) {
  Story story = signed_story();
  story.stamp_signature(story.tsu("TSU", "2011-01-01", "2018-01-01"), "2012-12-01");
  EXPECT_EQ(verdict(story), "FAILED/NOT_YET_VALID");
}

TEST(SubIndication, SigConstraintsFailureWhereTheClaimedTimeIsOutside) {
  Story story = signed_story(claiming("2012-06-01"));
  EXPECT_EQ(verdict(story), "INDETERMINATE/SIG_CONSTRAINTS_FAILURE");
}

TEST(SubIndication, ChainConstraintsFailure) {
  Story story;
  pki::CertificateWish wish = pki::signer("No seal");
  wish.extensions = {pki::unknown_extension(true)};
  story.signer = pki::issue(story.ca, wish);
  story.sign();
  EXPECT_EQ(verdict(story), "INDETERMINATE/CHAIN_CONSTRAINTS_FAILURE");
}

TEST(SubIndication, CertificateChainGeneralFailureWithoutRevocationData) {
  Story story = signed_story();
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  story.policy.accept_without_revocation = true;
  const ValidationResult accepted = story.validate(kNow);
  EXPECT_EQ(text(accepted.signatures[0].conclusion), "PASSED");
  EXPECT_FALSE(accepted.signatures[0].conclusion.warnings.empty());
}

TEST(SubIndication, CryptoConstraintsFailureWhereAnAlgorithmNeverWasGood) {
  Story story;
  pki::CertificateWish wish = pki::signer("MD5");
  wish.key = pki::KeyKind::rsa1024;
  story.ca = pki::root([] {
    pki::CertificateWish ca = pki::authority("RSA CA");
    ca.key = pki::KeyKind::rsa3072;
    return ca;
  }());
  story.policy.anchors.push_back({story.ca.certificate, {}});
  wish.signature.md5 = true;
  story.signer = pki::issue(story.ca, wish);
  story.sign();
  const std::string found = verdict(story);
  EXPECT_TRUE(found.starts_with("INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE")) << found;
}

pki::Party weak_signer(Story& story) {
  pki::CertificateWish wish = pki::signer("Weak");
  wish.key = pki::KeyKind::rsa1024;  // 2019-10-01
  wish.not_before = at("2013-01-01");
  wish.not_after = at("2025-01-01");
  return pki::issue(story.ca, wish);
}

// 5.3.4: a content time-stamp from after the algorithm's end.
TEST(SubIndication, CryptoConstraintsFailureWithAContentTimeStamp) {
  Story story;
  story.signer = weak_signer(story);
  story.sign();
  Story without = story;
  EXPECT_EQ(verdict(without, "2021-01-01"), "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
  story.stamp_content(story.tsu("TSU", "2013-01-01", "2024-01-01"), "2020-02-01");
  EXPECT_EQ(verdict(story, "2021-01-01"), "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE");
}

// 5.6.2.4, step 4: with a proof from before the end it passes.
TEST(SubIndication, CryptoConstraintsFailureNoPoeUntilAProof) {
  Story story;
  story.signer = weak_signer(story);
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2024-01-01"), "2019-02-01");
  EXPECT_EQ(verdict(story, "2021-01-01"), "PASSED");
}

// 5.2.4.
TEST(SubIndication, SignaturePolicyNotAvailable) {
  for (const char* policy : {"implied", "1.2.3.4"}) {
    Story story = signed_story();
    story.parts.signatures[0].signer.policy_oid = policy;
    EXPECT_EQ(verdict(story), "INDETERMINATE/SIGNATURE_POLICY_NOT_AVAILABLE");
    story.policy.signature_policies[policy] = copy_of(view_of("rules"));
    EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion), "PASSED");
  }
}

TEST(SubIndication, PolicyProcessingError) {
  Story story = signed_story();
  SignerPart& signer = story.parts.signatures[0].signer;
  signer.policy_oid = "1.2.3.4";
  signer.policy_hash = crypto::Hash::sha256;
  signer.policy_digest = pki::digest(crypto::Hash::sha256, view_of("rules"));
  story.policy.signature_policies["1.2.3.4"] = copy_of(view_of("rules"));
  EXPECT_EQ(verdict(story), "PASSED");
  story.policy.signature_policies["1.2.3.4"] = copy_of(view_of("other rules"));
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/POLICY_PROCESSING_ERROR");
  signer.policy_hash = crypto::Hash::none;
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/POLICY_PROCESSING_ERROR");
}

// EN 319 122-1, 5.2.10. Nobody signed the document in the message: the digest in the signature has to name it.
TEST(SubIndication, TheMessageMayHoldTheSignaturePolicy) {
  Story story = signed_story();
  SignerPart& signer = story.parts.signatures[0].signer;
  signer.policy_oid = "1.2.3.4";
  signer.policy_document = copy_of(view_of("rules"));
  EXPECT_EQ(verdict(story), "INDETERMINATE/SIGNATURE_POLICY_NOT_AVAILABLE");
  signer.policy_hash = crypto::Hash::sha256;
  signer.policy_digest = pki::digest(crypto::Hash::sha256, view_of("rules"));
  const auto passed = story.validate(kNow);
  EXPECT_EQ(text(passed.signatures[0].conclusion), "PASSED");
  EXPECT_EQ(passed.signatures[0].conclusion.warnings.size(), 1U);
  signer.policy_document = copy_of(view_of("other rules"));
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/POLICY_PROCESSING_ERROR");
  // What the caller gives goes first.
  story.policy.signature_policies["1.2.3.4"] = copy_of(view_of("rules"));
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion), "PASSED");
  signer.policy_oid = "implied";
  signer.policy_document = copy_of(view_of("rules"));
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/SIGNATURE_POLICY_NOT_AVAILABLE");
}

// 5.5.4, step 4, for archival too: the second document time-stamp in the file claims to be older than the first.
TEST(SubIndication, TimestampOrderFailure) {
  Story story = signed_story();
  const pki::Party tsu = story.tsu("TSU", "2013-01-01", "2018-01-01");
  story.stamp_document(tsu, "2014-05-01");
  story.stamp_document(tsu, "2014-04-01");
  EXPECT_EQ(verdict(story), "INDETERMINATE/TIMESTAMP_ORDER_FAILURE");
}

// Also where one of them proves nothing any more, because its certificate has ended.
TEST(SubIndication, TimestampOrderFailureOfAnEndedTimeStamp) {
  Story story = signed_story();
  story.stamp_document(story.tsu("TSU 2", "2013-01-01", "2018-01-01"), "2014-05-20");
  story.stamp_document(story.tsu("TSU 1", "2013-01-01", "2014-05-28"), "2014-05-10");
  story.add_crl(story.tsa, "2014-05-27", "2014-06-07");
  EXPECT_EQ(verdict(story), "INDETERMINATE/TIMESTAMP_ORDER_FAILURE");
}

TEST(SubIndication, TimestampOrderFailureOfAContentTimeStamp) {
  Story story = signed_story();
  const pki::Party tsu = story.tsu("TSU", "2013-01-01", "2018-01-01");
  story.stamp_content(tsu, "2014-05-01");
  story.stamp_signature(tsu, "2014-04-01");
  EXPECT_EQ(verdict(story), "INDETERMINATE/TIMESTAMP_ORDER_FAILURE");
}

// 5.2.3.
TEST(SubIndication, NoSigningCertificateFound) {
  Story story = signed_story();
  story.parts.evidence = {};
  EXPECT_EQ(verdict(story), "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
  Story other = signed_story();
  other.parts.signatures[0].signer.certificate_references[0].digest[0] ^= 1U;
  EXPECT_EQ(verdict(other), "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
  Story unreadable = signed_story();
  unreadable.parts.signatures[0].signer.certificate_references.clear();
  EXPECT_EQ(verdict(unreadable), "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
  Story unknown = signed_story();
  unknown.parts.signatures[0].signer.certificate_references[0].hash = crypto::Hash::none;
  EXPECT_EQ(verdict(unknown), "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
}

TEST(SubIndication, NoCertificateChainFound) {
  Story story = signed_story();
  story.policy.anchors.erase(story.policy.anchors.begin());
  EXPECT_EQ(verdict(story), "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND");
}

// 5.2.6.4: the anchor's sunset date. 5.6.2.2, step 1: sliding begins there.
TEST(SubIndication, NoCertificateChainFoundNoPoe) {
  Story story = signed_story();
  story.policy.anchors[0].until = at("2014-05-01");
  EXPECT_EQ(verdict(story), "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND_NO_POE");
  EXPECT_EQ(verdict(story, "2014-05-01"), "INDETERMINATE/NO_CERTIFICATE_CHAIN_FOUND_NO_POE");
  EXPECT_EQ(verdict(story, "2014-04-30T23:59:59Z"), "PASSED");
  Story proven = signed_story();
  proven.policy.anchors[0].until = at("2014-05-01");
  proven.add_crl(proven.ca, "2014-04-01", "2014-05-02");
  proven.stamp_document(proven.tsu("TSU", "2013-01-01", "2018-01-01"), "2014-04-02");
  EXPECT_EQ(verdict(proven), "PASSED");
}

TEST(SubIndication, RevokedNoPoe) {
  Story story = signed_story();
  story.add_crl(story.ca, "2014-05-31T13:00:00Z", "2014-06-07",
                {pki::entry_of(*story.signer.certificate, at("2014-03-01"))});
  EXPECT_EQ(verdict(story), "INDETERMINATE/REVOKED_NO_POE");
}

TEST(SubIndication, RevokedCaNoPoe) {
  Story story;
  const pki::Party middle = pki::issue(story.ca, pki::authority("Middle"));
  story.signer = pki::issue(middle, pki::signer("Below"));
  story.sign();
  story.add_certificate(middle);
  story.add_crl(middle, "2014-05-31", "2014-06-07");
  story.add_crl(story.ca, "2014-05-31T13:00:00Z", "2014-06-07",
                {pki::entry_of(*middle.certificate, at("2014-03-01"))});
  EXPECT_EQ(verdict(story), "INDETERMINATE/REVOKED_CA_NO_POE");
}

// 5.2.6.4: not known to be revoked or not, since whoever said so has ended too.
TEST(SubIndication, OutOfBoundsNoPoe) {
  Story story;
  pki::CertificateWish authority = pki::authority("Middle");
  authority.not_after = at("2015-01-02");
  const pki::Party middle = pki::issue(story.ca, authority);
  pki::CertificateWish wish = pki::signer("Below");
  wish.not_after = at("2015-01-01");
  story.signer = pki::issue(middle, wish);
  story.sign();
  story.add_certificate(middle);
  story.add_crl(middle, "2014-12-30", "2015-01-07");
  story.add_crl(story.ca, "2015-01-01", "2015-01-07");
  EXPECT_EQ(verdict(story, "2016-06-01"), "INDETERMINATE/OUT_OF_BOUNDS_NO_POE");
}

TEST(SubIndication, OutOfBoundsNotRevoked) {
  Story story = signed_story();
  story.add_crl(story.ca, "2014-12-30", "2015-01-07");
  EXPECT_EQ(verdict(story, "2016-06-01"), "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
}

// An OCSP responder that ended in 2013, first proven in 2014.
TEST(SubIndication, RevocationOutOfBoundsNoPoe) {
  Story story = signed_story();
  pki::CertificateWish wish = pki::responder("Responder");
  wish.not_after = at("2013-12-01");
  const pki::Party responder = pki::issue(story.ca, wish);
  pki::OcspWish ocsp;
  ocsp.answers = {pki::good(story.signer, story.ca, at("2013-11-01"), at("2014-12-01"))};
  story.add_ocsp(responder, ocsp);
  story.stamp_document(story.tsu("TSU", "2013-01-01", "2018-01-01"), "2014-04-01");
  story.add_crl(story.tsa, "2014-05-31", "2014-06-07");
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/REVOCATION_OUT_OF_BOUNDS_NO_POE");
}

TEST(SubIndication, NoPoeOfATimeStampThatIsLaterThanTheControlTime) {
  Story story = signed_story();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2018-01-01"), "2014-07-01");
  const ValidationResult result = story.validate_with_fresh(kNow);
  EXPECT_EQ(text(result.signatures[0].time_stamps[0].conclusion), "INDETERMINATE/NO_POE");
  EXPECT_EQ(result.signatures[0].best_signature_time.time, at(kNow));
  EXPECT_EQ(text(result.signatures[0].conclusion), "PASSED");
}

// 5.2.5.
TEST(SubIndication, TryLaterWhereDataIsNotFresh) {
  Story story = signed_story();
  story.add_crl(story.ca, "2014-05-01", "2014-05-08");
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion), "INDETERMINATE/TRY_LATER");
}

TEST(SubIndication, TryLaterOnHold) {
  Story story = signed_story();
  story.add_crl(story.ca, "2014-05-31T13:00:00Z", "2014-06-07",
                {pki::entry_of(*story.signer.certificate, at("2014-05-20"), 6)});
  EXPECT_EQ(verdict(story), "INDETERMINATE/TRY_LATER");
}

TEST(SubIndication, SignedDataNotFound) {
  Story story = signed_story();
  story.parts.signatures[0].signer.content_missing = true;
  EXPECT_EQ(verdict(story), "INDETERMINATE/SIGNED_DATA_NOT_FOUND");
}

// validation.md: an algorithm that this OpenSSL cannot compute is INDETERMINATE with that reason.
TEST(SubIndication, NoneWhereAnAlgorithmCannotBeComputed) {
  Story story = signed_story();
  SignerPart& signer = story.parts.signatures[0].signer;
  signer.signature_algorithm = [] {
    Bytes der = pki::oid("2.16.840.1.101.3.4.3.18");  // ML-DSA-65
    der.insert(der.begin(), {0x30, static_cast<std::uint8_t>(der.size())});
    return der;
  }();
  EXPECT_EQ(verdict(story), "INDETERMINATE");
  Story hash = signed_story();
  hash.parts.signatures[0].signer.hash = crypto::Hash::none;
  EXPECT_EQ(verdict(hash), "INDETERMINATE");
  // MD5, which nothing here computes: the suite knows when it ended.
  Bytes md5 = pki::oid("1.2.840.113549.2.5");
  md5.insert(md5.begin(), {0x30, static_cast<std::uint8_t>(md5.size())});
  hash.parts.signatures[0].signer.digest_algorithm = md5;
  EXPECT_EQ(text(hash.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
  hash.parts.signatures[0].signer.digest_algorithm.clear();
  EXPECT_EQ(text(hash.validate(kNow).signatures[0].conclusion), "INDETERMINATE");
}

}  // namespace
}  // namespace signet::validation
