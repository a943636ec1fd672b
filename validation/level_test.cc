// Baseline levels (EN 319 142-1, 6) and until when a verdict can be had.
#include <gtest/gtest.h>

#include <algorithm>
#include <utility>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::Story;

constexpr const char* kNow = "2014-06-01";

std::string faults(const SignatureResult& signature) {
  std::string text;
  for (const Statement& fault : signature.level_faults)
    text += text_of(fault, Language::english) + "\n";
  return text;
}

bool has(const SignatureResult& signature, std::string_view part) {
  return faults(signature).find(part) != std::string::npos;
}

pki::OcspWish good_answer(const Story& story) {
  pki::OcspWish wish;
  wish.answers = {pki::good(story.signer, story.ca, at("2014-05-31"), at("2014-06-07"))};
  return wish;
}

SignatureResult only(const ValidationResult& result) {
  return result.signatures.front();
}

// With what the time-stamps' authority publishes at that moment, but nothing of the signer's.
SignatureResult with_fresh_stamps(Story& story, std::string_view time) {
  pki::CrlWish wish;
  wish.this_update = at(time) - std::chrono::hours(12);
  wish.next_update = at(time) + std::chrono::hours(24);
  story.add_crl(story.tsa, wish, Origin::file);
  return only(story.validate(time));
}

TEST(Level, HasItsNames) {
  EXPECT_EQ(name_of(Level::none), "none");
  EXPECT_EQ(name_of(Level::b_b), "B-B");
  EXPECT_EQ(name_of(Level::b_t), "B-T");
  EXPECT_EQ(name_of(Level::b_lt), "B-LT");
  EXPECT_EQ(name_of(Level::b_lta), "B-LTA");
}

TEST(Level, GrowsWithWhatIsInTheDocument) {
  Story story;
  story.sign();
  SignatureResult found = only(story.validate_with_fresh(kNow));
  EXPECT_EQ(found.level, Level::b_b);
  EXPECT_TRUE(has(found, "B-T: no time-stamp"));

  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_signature(unit, "2014-05-06");
  found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::b_t);
  EXPECT_TRUE(has(found, "B-LT: the document has no revocation data for the certificate of Seal"));

  // A document time-stamp before the revocation data makes no B-LTA.
  Story early = story;
  early.stamp_document(unit, "2014-05-07");
  early.add_crl(early.ca, "2014-05-08", "2014-05-15");
  found = only(early.validate(kNow));
  EXPECT_EQ(found.level, Level::b_t);
  EXPECT_TRUE(has(found, "of the time-stamp of 2014-05-06"));
  early.add_crl(early.tsa, "2014-05-08", "2014-05-15");
  found = only(early.validate(kNow));
  EXPECT_EQ(found.level, Level::b_lt);
  EXPECT_TRUE(has(found, "B-LTA:"));

  story.add_crl(story.ca, "2014-05-08", "2014-05-15");
  found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::b_lt);
  story.add_crl(story.tsa, "2014-05-08", "2014-05-15");
  story.stamp_document(unit, "2014-05-09");
  found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::b_lta);
  EXPECT_EQ(faults(found), "");
}

// Of the last time-stamp no document can hold revocation data yet; it may be made within the second of the one that it is over.
TEST(Level, TakesTheOneOverTheOtherForTheLastOfTwoTimeStampsOfOneSecond) {
  Story story;
  const pki::Party other = pki::root(pki::authority("Other TSA"));
  story.policy.anchors.push_back({other.certificate, {}});
  pki::CertificateWish wish = pki::time_stamper("Other TSU");
  wish.not_before = pki::at("2013-01-01");
  wish.not_after = pki::at("2030-01-01");
  story.sign();
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_signature(unit, "2014-05-06");
  story.add_crl(story.ca, "2014-05-08", "2014-05-15");
  story.add_crl(story.tsa, "2014-05-08", "2014-05-15");
  story.stamp_document(unit, "2014-05-09");
  story.stamp_document(pki::issue(other, wish), "2014-05-09");
  const SignatureResult found = only(story.validate_with_fresh(kNow));
  EXPECT_EQ(found.level, Level::b_lta) << faults(found);
}

TEST(Level, IsNoneBelowTheBaseline) {
  static constexpr Sentence kRule{"B-B: a rule", "B-B: pravidlo"};
  Story story;
  story.sign().format = Format::pdf_pkcs7;
  SignatureResult found = only(story.validate_with_fresh(kNow));
  EXPECT_EQ(found.level, Level::none);
  EXPECT_TRUE(has(found, "neither PAdES nor CAdES"));
  SignaturePart& part = story.parts.signatures[0];
  part.format = Format::cades;
  part.signer.has_certificate_reference = false;
  found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::none);
  EXPECT_TRUE(has(found, "no signed attribute names"));
  // Without the attribute a warning, no more.
  EXPECT_TRUE(found.conclusion.passed());
  EXPECT_FALSE(found.conclusion.warnings.empty());
  part.signer.has_certificate_reference = true;
  part.baseline_faults.push_back(say(kRule));
  found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::none);
  EXPECT_TRUE(has(found, "a rule"));
  part.baseline_faults.clear();
  part.signer.fault = say(kRule);
  EXPECT_EQ(only(story.validate(kNow)).level, Level::none);
}

TEST(Level, WantsTheSignersCertificateInTheDocument) {
  Story story;
  story.sign();
  story.parts.evidence = {};
  SignatureResult found = only(story.validate_with_fresh(kNow));
  EXPECT_TRUE(has(found, "B-LT: the signing certificate is not in the document"));
  story.add_certificate(story.signer, Origin::file);
  found = only(story.validate(kNow));
  EXPECT_TRUE(has(found, "B-LT: the certificate of Seal is not in the document"));
  EXPECT_EQ(found.level, Level::b_b);
}

// Whose data that is, nobody could say.
TEST(Level, WantsRevocationDataOfACertificateWhoseIssuerIsNotKnown) {
  Story story;
  story.sign();
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_signature(unit, "2014-05-06");
  story.policy.anchors.clear();
  SignatureResult found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::b_t);
  EXPECT_TRUE(has(found, "B-LT: the document has no revocation data for the certificate of Seal"));
  story.stamp_document(unit, "2014-05-09");
  found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::b_t);
  EXPECT_TRUE(has(found, "for the certificate of TSU, of the time-stamp of 2014-05-06"));
}

// EN 319 122-1: a time-stamp over certificates and revocation data alone is not over the signature.
TEST(Level, OfATimeStampOverReferencesIsNoHigher) {
  Story story;
  SignaturePart& part = story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
  part.archive_time_stamps = std::exchange(part.signature_time_stamps, {});
  part.archive_time_stamps[0].kind = TimeStampKind::references;
  EXPECT_EQ(only(story.validate_with_fresh(kNow)).level, Level::b_b);
}

// With all that a B-LTA signature needs.
Story archived(Format format) {
  Story story;
  story.sign().format = format;
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_signature(unit, "2014-05-06");
  story.add_crl(story.ca, "2014-05-08", "2014-05-15");
  story.add_crl(story.tsa, "2014-05-08", "2014-05-15");
  story.stamp_document(unit, "2014-05-09");
  if (format == Format::cades) {
    auto& stamps = story.parts.document_time_stamps;
    stamps[0].kind = TimeStampKind::archive;
    story.parts.signatures[0].archive_time_stamps = std::exchange(stamps, {});
  }
  return story;
}

// EN 319 122-1, 6.3: an archive time-stamp does not stand for a signature time-stamp.
TEST(Level, WantsASignatureTimeStampBesideAnArchiveTimeStamp) {
  Story story = archived(Format::cades);
  EXPECT_EQ(only(story.validate_with_fresh(kNow)).level, Level::b_lta);
  story.parts.signatures[0].signature_time_stamps.clear();
  const SignatureResult found = only(story.validate(kNow));
  EXPECT_TRUE(found.conclusion.passed());
  EXPECT_EQ(found.level, Level::b_b);
  EXPECT_EQ(found.highest_level, Level::b_lta);
  EXPECT_TRUE(has(found, "B-T: there is no signature time-stamp"));
}

// EN 319 122-1, 6.3, m.
TEST(Level, WantsTheSignatureTimeStampBeforeTheSignersEnd) {
  for (const char* time : {"2014-05-05", "2015-02-01"}) {
    Story story = archived(Format::cades);
    const pki::Party unit = story.tsu("Other TSU", "2013-01-01", "2030-01-01");
    story.stamp_signature(unit, time);
    const SignatureResult found = only(story.validate_with_fresh("2015-03-01"));
    const bool late = std::string_view(time) == "2015-02-01";
    EXPECT_EQ(found.level, late ? Level::b_b : Level::b_lta) << faults(found);
    EXPECT_EQ(found.highest_level, late ? Level::b_b : Level::b_lta);
    EXPECT_EQ(has(found, "B-T: the signature time-stamp of 2015-02-01"), late);
  }
}

TEST(Level, WantsTheSignatureTimeStampBeforeTheSignersRevocation) {
  for (const char* revoked : {"2014-05-06", "2014-05-06T00:00:01Z"}) {
    Story story = archived(Format::cades);
    story.add_crl(story.ca, "2014-05-20", "2014-05-27",
                  {pki::entry_of(*story.signer.certificate, at(revoked), 4)});
    const SignatureResult found = only(story.validate_with_fresh(kNow));
    const bool late = std::string_view(revoked) == "2014-05-06";
    EXPECT_EQ(found.level, late ? Level::b_b : Level::b_lta) << faults(found);
    EXPECT_EQ(has(found, "was revoked at 2014-05-06"), late);
  }
}

// EN 319 142-1 has no such rule: a document time-stamp prolongs what may have ended.
TEST(Level, LetsDocumentTimeStampsComeAfterTheSignersEnd) {
  Story story = archived(Format::pades);
  story.stamp_document(story.tsu("Other TSU", "2013-01-01", "2030-01-01"), "2015-02-01");
  EXPECT_EQ(only(story.validate_with_fresh("2015-03-01")).level, Level::b_lta);
}

TEST(Level, IsNoHigherThanTheFormAllows) {
  static constexpr Sentence kRule{"B-LT: a rule", "B-LT: pravidlo"};
  Story story = archived(Format::cades);
  const SignatureResult before = only(story.validate_with_fresh(kNow));
  story.parts.signatures[0].long_term_faults.push_back(say(kRule));
  const SignatureResult found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::b_t);
  EXPECT_EQ(found.highest_level, Level::b_t);
  EXPECT_EQ(faults(found), "B-LT: a rule\n");
  // The data is there all the same.
  EXPECT_EQ(found.verifiable_until, before.verifiable_until);
  story.parts.signatures[0].baseline_faults.push_back(say(kRule));
  EXPECT_EQ(only(story.validate(kNow)).highest_level, Level::none);
}

// validation.md: for every time-stamp but the last.
TEST(Level, WantsRevocationDataOfContentTimeStampsToo) {
  for (const bool inside : {false, true}) {
    Story story;
    const pki::Party other = pki::root(pki::authority("Other TSA"));
    story.policy.anchors.push_back({other.certificate, {}});
    pki::CertificateWish wish = pki::time_stamper("Content TSU");
    wish.not_before = at("2013-01-01");
    wish.not_after = at("2030-01-01");
    story.sign();
    story.stamp_content(pki::issue(other, wish), "2014-05-05");
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
    story.stamp_signature(unit, "2014-05-06");
    story.add_crl(story.ca, "2014-05-08", "2014-05-15");
    story.add_crl(story.tsa, "2014-05-08", "2014-05-15");
    story.add_crl(other, "2014-05-08", "2014-05-15", {}, inside ? Origin::dss : Origin::file);
    story.stamp_document(unit, "2014-05-09");
    const SignatureResult found = only(story.validate_with_fresh(kNow));
    EXPECT_EQ(found.level, inside ? Level::b_lta : Level::b_t) << faults(found);
    EXPECT_EQ(has(found, "for the certificate of Content TSU, of the time-stamp of 2014-05-05"),
              !inside);
    // Nothing that the signature's verdict rests on.
    EXPECT_EQ(found.verifiable_until, at("2030-01-01"));
  }
}

// EN 319 142-1, 5.4.3 and 6.3.
TEST(Level, WantsDocumentTimeStampsOfTheirSubFilter) {
  Story story = archived(Format::pades);
  story.parts.document_time_stamps[0].has_sub_filter = false;
  SignatureResult found = only(story.validate_with_fresh(kNow));
  EXPECT_EQ(found.level, Level::b_lt);
  EXPECT_TRUE(has(found, "B-LTA: the /SubFilter of the document time-stamp of 2014-05-09"));
  story.parts.signatures[0].signature_time_stamps.clear();
  found = only(story.validate(kNow));
  EXPECT_EQ(found.level, Level::b_b);
}

TEST(VerifiableUntil, IsTheSignersWithoutATimeStamp) {
  Story story;
  story.sign();
  EXPECT_EQ(only(story.validate_with_fresh(kNow)).verifiable_until,
            story.signer.certificate->not_after());
}

TEST(VerifiableUntil, IsTheSignersTooWhileItsDataIsNotInTheDocument) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
  EXPECT_EQ(only(story.validate_with_fresh(kNow)).verifiable_until,
            story.signer.certificate->not_after());
  story.add_crl(story.ca, "2014-05-08", "2014-06-15");
  EXPECT_EQ(only(story.validate(kNow)).verifiable_until, at("2030-01-01"));
}

// Nothing proves that the data existed while its signer's certificate was valid.
TEST(VerifiableUntil, EndsWithTheSignerOfTheDocumentsDataWhileThatIsUnderNoTimeStamp) {
  Story story;
  pki::CertificateWish wish = pki::responder("Responder");
  wish.not_before = at("2014-01-01");
  wish.not_after = at("2016-01-01");
  const pki::Party responder = pki::issue(story.ca, wish);
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.sign();
  story.stamp_signature(unit, "2014-05-06");
  story.add_ocsp(responder, good_answer(story));
  SignatureResult found = with_fresh_stamps(story, kNow);
  ASSERT_EQ(found.level, Level::b_lt) << faults(found);
  EXPECT_EQ(found.verifiable_until, at("2016-01-01"));
  EXPECT_NE(text_of(*found.verifiable_because, Language::english).find("Responder"),
            std::string::npos);
  EXPECT_TRUE(with_fresh_stamps(story, "2015-12-31").conclusion.passed());
  EXPECT_FALSE(with_fresh_stamps(story, "2016-01-02").conclusion.passed());

  story.add_crl(story.tsa, "2014-05-31", "2014-06-07");
  story.stamp_document(unit, "2014-06-01");
  found = with_fresh_stamps(story, "2014-06-02");
  ASSERT_EQ(found.level, Level::b_lta) << faults(found);
  EXPECT_EQ(found.verifiable_until, at("2030-01-01"));
}

TEST(VerifiableUntil, IsTheSignersWhereTheSignerOfTheDocumentsDataEndsBefore) {
  Story story;
  pki::CertificateWish wish = pki::responder("Responder");
  wish.not_before = at("2014-01-01");
  wish.not_after = at("2014-07-01");
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
  story.add_ocsp(pki::issue(story.ca, wish), good_answer(story));
  EXPECT_EQ(with_fresh_stamps(story, kNow).verifiable_until, story.signer.certificate->not_after());
}

TEST(VerifiableUntil, EndsWithAnAuthorityWhileItsDataIsUnderNoTimeStamp) {
  Story story;
  pki::CertificateWish wish = pki::authority("Middle");
  wish.not_before = at("2012-01-01");
  wish.not_after = at("2017-01-01");
  const pki::Party middle = pki::issue(story.ca, wish);
  story.signer = pki::issue(middle, pki::signer("Below"));
  story.sign();
  story.add_certificate(middle);
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
  story.add_crl(story.ca, "2014-05-31", "2014-06-07");
  story.add_crl(middle, "2014-05-31", "2014-06-07");
  const SignatureResult found = with_fresh_stamps(story, kNow);
  ASSERT_EQ(found.level, Level::b_lt) << faults(found);
  EXPECT_EQ(found.verifiable_until, at("2017-01-01"));
}

// Such as adbe.pkcs7.detached, which has no level.
TEST(VerifiableUntil, IsTheLastTimeStampsWithoutALevelToo) {
  Story story;
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.sign().format = Format::pdf_pkcs7;
  story.stamp_signature(unit, "2014-05-06");
  EXPECT_EQ(only(story.validate_with_fresh(kNow)).verifiable_until,
            story.signer.certificate->not_after());
  story.add_crl(story.ca, "2014-05-31", "2014-06-07");
  story.add_crl(story.tsa, "2014-05-31", "2014-06-07");
  story.stamp_document(unit, "2014-06-01");
  const SignatureResult found = with_fresh_stamps(story, "2014-06-02");
  EXPECT_EQ(found.level, Level::none);
  EXPECT_EQ(found.verifiable_until, at("2030-01-01"));
}

// A seal whose certificate ended in 2015, with a time-stamp of 2014 by a unit that ends in 2017, one of 2016 over that, and, added
// only then, an answer of a responder that ends in 2018 about the first unit.
class OlderTimeStamp : public testing::Test {
 protected:
  OlderTimeStamp() {
    pki::CertificateWish wish = pki::responder("Stamping responder");
    wish.not_before = at("2014-01-01");
    wish.not_after = at("2018-01-01");
    responder_ = pki::issue(story_.tsa, wish);
    story_.sign();
    story_.stamp_signature(first_, "2014-05-06");
  }

  void answer_for_the_first(std::string_view from, std::string_view to) {
    pki::OcspWish wish;
    wish.answers = {pki::good(first_, story_.tsa, at(from), at(to))};
    story_.add_ocsp(responder_, wish);
  }

  SignatureResult judged(std::string_view time) {
    pki::Story story = story_;
    return with_fresh_stamps(story, time);
  }

  static std::string because(const SignatureResult& signature) {
    return text_of(signature.verifiable_because.value(), Language::english);
  }

  pki::Story story_;
  pki::Party responder_;
  const pki::Party first_ = story_.tsu("First TSU", "2013-01-01", "2017-01-01");
  const pki::Party second_ = story_.tsu("Second TSU", "2014-01-01", "2030-01-01");
};

// The newest time-stamp is later than the end of the signer's certificate: the verdict rests on the older one.
TEST_F(OlderTimeStamp, EndsTheDateWithTheSignerOfItsDataWhileThatIsUnderNoTimeStamp) {
  story_.add_crl(story_.ca, "2014-05-08", "2014-05-15");
  story_.stamp_document(second_, "2016-06-01");
  answer_for_the_first("2016-06-02", "2016-06-09");
  const SignatureResult found = judged("2016-06-03");
  ASSERT_TRUE(found.conclusion.passed()) << pki::reasons(found.conclusion);
  EXPECT_EQ(found.verifiable_until, at("2018-01-01"));
  EXPECT_NE(because(found).find("Stamping responder"), std::string::npos) << because(found);
  EXPECT_TRUE(judged("2017-12-31").conclusion.passed());
  EXPECT_FALSE(judged("2018-01-02").conclusion.passed());

  story_.stamp_document(second_, "2016-06-05");
  EXPECT_EQ(judged("2016-06-06").verifiable_until, at("2030-01-01"));
  EXPECT_TRUE(judged("2029-12-31").conclusion.passed());
}

TEST_F(OlderTimeStamp, EndsTheDateWithItsOwnCertificateWhereNoneIsOverIt) {
  story_.add_crl(story_.ca, "2014-05-08", "2014-05-15");
  answer_for_the_first("2014-05-08", "2014-05-15");
  story_.stamp_signature(second_, "2016-06-01");
  const SignatureResult found = judged("2016-06-03");
  ASSERT_TRUE(found.conclusion.passed()) << pki::reasons(found.conclusion);
  EXPECT_EQ(found.verifiable_until, at("2017-01-01"));
  EXPECT_NE(because(found).find("First TSU"), std::string::npos) << because(found);
  EXPECT_TRUE(judged("2016-12-31").conclusion.passed());
  EXPECT_FALSE(judged("2017-01-02").conclusion.passed());
}

// Once its certificate has ended it is verified by data that was still fresh when the next time-stamp proved it.
TEST_F(OlderTimeStamp, EndsTheDateWithItsOwnCertificateWhereItsDataIsTooOldForTheNext) {
  story_.add_crl(story_.ca, "2014-05-08", "2014-05-15");
  answer_for_the_first("2014-05-08", "2014-05-15");
  story_.stamp_document(second_, "2016-06-01");
  EXPECT_EQ(judged("2016-06-03").verifiable_until, at("2017-01-01"));
  EXPECT_TRUE(judged("2016-12-31").conclusion.passed());
  EXPECT_FALSE(judged("2017-01-02").conclusion.passed());
}

TEST_F(OlderTimeStamp, IsNotNeededWhereTheNewestProvesTheSignatureInTime) {
  story_.add_crl(story_.ca, "2014-05-31", "2014-06-07");
  story_.stamp_document(second_, "2014-06-01");
  answer_for_the_first("2014-06-02", "2014-06-09");
  EXPECT_EQ(judged("2014-06-03").verifiable_until, at("2030-01-01"));
  EXPECT_TRUE(judged("2018-06-01").conclusion.passed());
}

TEST(VerifiableUntil, EndsWithTheTrustInTheAnchor) {
  Story story;
  story.policy.anchors[0].until = at("2014-12-01");
  story.sign();
  const SignatureResult found = only(story.validate_with_fresh(kNow));
  EXPECT_EQ(found.verifiable_until, at("2014-12-01"));
  ASSERT_TRUE(found.verifiable_because);
  EXPECT_NE(text_of(*found.verifiable_because, Language::english).find("trusted until then"),
            std::string::npos);
}

// RSA-1024 is good until 2019-10-01.
TEST(VerifiableUntil, EndsWithTheAlgorithm) {
  Story story;
  pki::CertificateWish wish = pki::signer("Weak");
  wish.key = pki::KeyKind::rsa1024;
  story.signer = pki::issue(story.ca, wish);
  story.sign();
  const SignatureResult found = only(story.validate_with_fresh(kNow));
  EXPECT_GE(*found.verifiable_until, at("2019-09-30"));
  EXPECT_LE(*found.verifiable_until, at("2019-10-01"));
}

}  // namespace
}  // namespace signet::validation
