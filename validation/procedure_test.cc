// The procedure of EN 319 102-1, 5.4 to 5.6, and how its rules are read where letter and purpose part.
#include <gtest/gtest.h>

#include <algorithm>

#include "crypto/der.h"
#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::reasons;
using pki::Story;
using pki::text;

constexpr const char* kSignature = "2014-05-06T08:30:04Z";

// Signed in 2014, time-stamped, and extended at each of `extensions` by time-stamp authorities that end in 2018, 2022, 2026 and
// 2030, with CRLs that are an hour older than the time-stamp.
struct Extended : Story {
  explicit Extended(const std::vector<std::string>& extensions,
                    const std::vector<std::size_t>& without_data = {}) {
    sign();
    const std::vector<std::pair<const char*, const char*>> lives = {{"2013-01-01", "2018-11-04"},
                                                                    {"2017-01-01", "2022-11-04"},
                                                                    {"2021-01-01", "2026-05-11"},
                                                                    {"2025-01-01", "2030-01-01"}};
    for (std::size_t i = 0; i <= extensions.size(); ++i) {
      pki::CertificateWish wish = pki::authority("TSA " + std::to_string(i));
      roots.push_back(pki::root(wish));
      policy.anchors.push_back({roots.back().certificate, {}});
      pki::CertificateWish unit = pki::time_stamper("TSU " + std::to_string(i));
      unit.not_before = at(lives[i].first);
      unit.not_after = at(lives[i].second);
      units.push_back(pki::issue(roots.back(), unit));
    }
    stamp_signature(units[0], kSignature);
    for (std::size_t i = 0; i < extensions.size(); ++i) {
      const Time moment = at(extensions[i]);
      if (i == 0) add_data(ca, moment);
      if (std::ranges::find(without_data, i) == without_data.end()) add_data(roots[i], moment);
      stamp_document(units[i + 1], extensions[i]);
    }
  }

  void add_data(const pki::Party& issuer, Time moment, std::vector<pki::CrlEntry> entries = {}) {
    pki::CrlWish wish;
    wish.this_update = moment - std::chrono::hours(1);
    wish.next_update = moment + std::chrono::hours(24 * 7);
    wish.entries = std::move(entries);
    if (&issuer == &ca) wish.expired_since = at("2010-01-01");  // the signer ends in 2015
    add_crl(issuer, wish);
  }

  ValidationResult result(const char* time) {
    pki::CrlWish wish;
    wish.this_update = at(time) - std::chrono::hours(12);
    wish.next_update = at(time) + std::chrono::hours(24 * 7);
    add_crl(roots.back(), wish, Origin::file);
    return validate(time);
  }

  std::vector<pki::Party> roots, units;
};

std::string verdict(const ValidationResult& result) {
  return text(result.signatures.front().conclusion);
}

// 5.6.3: from the newest time-stamp to the oldest, each at the moment that the next one proves.
TEST(Procedure, JudgesEachTimeStampAtTheMomentThatTheNextOneProves) {
  Extended whole({"2018-03-14T07:00:00Z", "2022-02-01T07:00:00Z", "2025-09-09T07:00:00Z"});
  const ValidationResult result = whole.result("2026-11-27T12:00:00Z");
  EXPECT_EQ(verdict(result), "PASSED") << reasons(result.signatures[0].conclusion);
  const SignatureResult& signature = result.signatures[0];
  EXPECT_EQ(signature.best_signature_time.time, at(kSignature));
  EXPECT_EQ(signature.best_signature_time.by, signature.time_stamps[0].part->id);
  EXPECT_EQ(signature.level, Level::b_lta);
  const auto& stamps = result.document_time_stamps;
  EXPECT_EQ(signature.time_stamps[0].judged_at.time, stamps[0].part->time);
  EXPECT_EQ(signature.time_stamps[0].judged_at.by, stamps[0].part->id);
  EXPECT_EQ(stamps[0].judged_at.time, stamps[1].part->time);
  EXPECT_EQ(stamps[1].judged_at.time, stamps[2].part->time);
  EXPECT_EQ(stamps[2].judged_at.time, at("2026-11-27T12:00:00Z"));
  EXPECT_FALSE(stamps[2].judged_at.by);
  // The last time-stamp's certificate.
  EXPECT_EQ(signature.verifiable_until, at("2030-01-01"));
  ASSERT_TRUE(signature.verifiable_because);
}

TEST(Procedure, PassesWhatWasExtendedInTime) {
  Extended story({"2018-03-14T07:00:00Z"});
  const ValidationResult result = story.result("2021-01-05T12:00:00Z");
  EXPECT_EQ(verdict(result), "PASSED") << reasons(result.signatures[0].conclusion);
}

// 5.6.2.2 c by its letter: a CRL an hour older than the document time-stamp proves nothing about the token before it.
TEST(Procedure, SlidesToNextUpdateAndByTheLetterToThisUpdate) {
  Extended story({"2018-03-14T07:00:00Z"});
  story.policy.sliding = Sliding::letter;
  // The signature is older than the CRL's thisUpdate, the token's proof is not.
  const ValidationResult result = story.result("2021-01-05T12:00:00Z");
  EXPECT_EQ(text(result.signatures[0].time_stamps[0].conclusion),
            "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
  EXPECT_NE(verdict(result), "PASSED");
  EXPECT_NE(reasons(result.signatures[0].time_stamps[0].conclusion).find("to the letter"),
            std::string::npos);
}

TEST(Procedure, DoesNotPassWhatWasExtendedTooLate) {
  Extended story({"2018-11-20T07:00:00Z"});
  const ValidationResult result = story.result("2021-01-05T12:00:00Z");
  EXPECT_EQ(result.signatures[0].time_stamps[0].conclusion.indication, Indication::indeterminate);
  EXPECT_EQ(result.signatures[0].conclusion.indication, Indication::indeterminate);
  EXPECT_EQ(result.signatures[0].best_signature_time.time, at("2018-11-20T07:00:00Z"));
  EXPECT_EQ(result.signatures[0].verifiable_until, std::nullopt);
}

// A time-stamp whose signer nothing vouches for proves nothing, and what it was over goes with it.
TEST(Procedure, DoesNotPassWithoutDataForATimeStampAuthority) {
  Extended story({"2018-03-14T07:00:00Z", "2022-02-01T07:00:00Z"}, {1});
  const ValidationResult result = story.result("2023-01-05T12:00:00Z");
  EXPECT_EQ(text(result.document_time_stamps[0].conclusion),
            "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  EXPECT_EQ(verdict(result), "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
  EXPECT_EQ(result.signatures[0].best_signature_time.time, at("2022-02-01T07:00:00Z"));
  EXPECT_EQ(result.signatures[0].level, Level::b_t);
}

TEST(Procedure, DoesNotPassWithABrokenByte) {
  Extended story({"2018-03-14T07:00:00Z"});
  story.parts.signatures[0].signer.content_digest = pki::digest(crypto::Hash::sha256, {});
  story.parts.document_time_stamps[0].imprint_matches = false;
  const ValidationResult result = story.result("2021-01-05T12:00:00Z");
  EXPECT_EQ(verdict(result), "FAILED/HASH_FAILURE");
  EXPECT_EQ(text(result.document_time_stamps[0].conclusion), "FAILED/HASH_FAILURE");
  EXPECT_EQ(result.signatures[0].best_signature_time.time, at("2021-01-05T12:00:00Z"));
  EXPECT_EQ(result.signatures[0].level, Level::b_lta);
}

// Revoked six weeks before it stamped (5.6.2.2 b: the control time becomes the revocation time).
TEST(Procedure, DoesNotPassATimeStampOfARevokedAuthority) {
  Extended story({"2018-03-14T07:00:00Z", "2022-02-01T07:00:00Z"}, {1});
  Story& base = story;
  pki::CrlWish wish;
  wish.this_update = at("2022-02-01T06:00:00Z");
  wish.next_update = at("2022-02-08");
  wish.entries = {pki::entry_of(*story.units[1].certificate, at("2018-02-01"), 1)};
  base.parts.document_time_stamps.pop_back();
  base.add_crl(story.roots[1], wish);
  base.stamp_document(story.units[2], "2022-02-01T07:00:00Z");
  const ValidationResult result = story.result("2023-01-05T12:00:00Z");
  EXPECT_EQ(text(result.document_time_stamps[0].conclusion), "INDETERMINATE/REVOKED_NO_POE");
  EXPECT_EQ(verdict(result), "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
}

// 5.6.2.4: a signer revoked before the best signature time stays INDETERMINATE without a content time-stamp.
TEST(Procedure, DoesNotPassASignerRevokedBefore) {
  for (const char* revoked : {"2014-04-06", "2014-05-06T08:30:05Z"}) {
    Extended story({});
    story.add_data(story.ca, at("2014-12-14T07:00:00Z"),
                   {pki::entry_of(*story.signer.certificate, at(revoked), 1)});
    story.add_data(story.roots[0], at("2014-12-14T07:00:00Z"));
    story.roots.push_back(story.tsa);
    story.stamp_document(story.tsu("Next", "2014-01-01", "2030-01-01"), "2014-12-14T07:00:00Z");
    const ValidationResult result = story.result("2021-01-05T12:00:00Z");
    const bool before = at(revoked) < at(kSignature);
    EXPECT_EQ(verdict(result), before ? "INDETERMINATE/REVOKED_NO_POE" : "PASSED")
        << reasons(result.signatures[0].conclusion);
    EXPECT_EQ(result.signatures[0].best_signature_time.time, at(kSignature));
  }
}

// A certificate that has ended is out of bounds before freshness is asked for (5.2.6, 5.2.5).
TEST(Procedure, AsksForFreshnessAfterValidity) {
  Story story;
  story.sign();
  story.add_crl(story.ca, "2014-12-01", "2014-12-08");
  EXPECT_EQ(verdict(story.validate("2016-01-01")), "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
  EXPECT_EQ(verdict(story.validate("2014-12-20")), "INDETERMINATE/TRY_LATER");
}

// 5.6.2.4, step 1: the proof lies within the validity of the issuer's certificate, not of the signer's.
struct WithMiddle : Story {
  explicit WithMiddle(std::string_view middle_ends) {
    pki::CertificateWish authority = pki::authority("Middle");
    authority.not_after = at(middle_ends);
    middle = pki::issue(ca, authority);
    pki::CertificateWish wish = pki::signer("Below");
    wish.not_before = at("2013-01-01");
    wish.not_after = at("2015-01-01");
    signer = pki::issue(middle, wish);
    sign();
    add_certificate(middle);
    const pki::Party unit = tsu("TSU", "2013-01-01", "2030-01-01");
    stamp_signature(unit, "2014-05-06");
    add_crl(middle, "2014-12-30", "2015-02-01");
    add_crl(ca, "2014-12-30", "2015-02-01");
    stamp_document(unit, "2015-01-20");
  }
  pki::Party middle;
};

TEST(Procedure, DemandsProofsWithinTheIssuersValidity) {
  WithMiddle story("2018-01-01");
  ValidationResult result = story.validate_with_fresh("2020-01-01");
  EXPECT_EQ(verdict(result), "PASSED") << reasons(result.signatures[0].conclusion);
  WithMiddle late("2015-01-10");
  result = late.validate_with_fresh("2020-01-01");
  EXPECT_EQ(verdict(result), "INDETERMINATE/REVOCATION_OUT_OF_BOUNDS_NO_POE")
      << reasons(result.signatures[0].conclusion);
}

// 5.6.2.2 a and b: the authority was revoked before the signer's revocation data is proven.
TEST(Procedure, LetsNoRevokedAuthorityVouch) {
  for (const char* revoked : {"2015-01-10", "2015-01-25"}) {
    WithMiddle story("2018-01-01");
    story.add_crl(story.ca, "2015-02-10", "2015-03-10",
                  {pki::entry_of(*story.middle.certificate, at(revoked), 1)});
    story.add_crl(story.tsa, "2019-12-31", "2020-01-10", {}, Origin::file);
    const ValidationResult result = story.validate("2020-01-01");
    const bool before = at(revoked) < at("2015-01-20");
    EXPECT_EQ(verdict(result), before ? "INDETERMINATE/REVOKED_CA_NO_POE" : "PASSED")
        << reasons(result.signatures[0].conclusion);
  }
}

// --at: what is later proves nothing, and is listed.
TEST(Procedure, ListsWhatIsLaterThanTheControlTime) {
  Extended story({"2018-03-14T07:00:00Z"});
  const ValidationResult result = story.validate("2014-06-01");
  EXPECT_EQ(text(result.document_time_stamps[0].conclusion), "INDETERMINATE/NO_POE");
  EXPECT_EQ(result.remarks.size(), 2U);
  EXPECT_EQ(verdict(result), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
}

// 5.6.2.2 d: revocation data that was made by SHA-1 and is first proven after its end may have been made by anybody.
TEST(Procedure, BelievesNoDataThatIsFirstProvenAfterItsAlgorithmsEnd) {
  for (const crypto::Hash hash : {crypto::Hash::sha1, crypto::Hash::sha256}) {
    Story story;
    pki::CertificateWish wish = pki::signer("Early");
    wish.not_before = at("2011-01-01");
    wish.not_after = at("2013-01-01");
    story.signer = pki::issue(story.ca, wish);
    story.sign();
    const pki::Party unit = story.tsu("TSU", "2011-01-01", "2030-01-01");
    story.stamp_signature(unit, "2012-06-01");
    pki::CrlWish crl;
    crl.this_update = at("2012-06-02");
    crl.next_update = at("2012-07-02");
    crl.signature.hash = hash;
    story.add_crl(story.ca, crl);
    story.stamp_document(unit, "2016-01-01");
    story.add_crl(story.tsa, "2019-12-31", "2020-01-10", {}, Origin::file);
    const ValidationResult result = story.validate("2020-01-01");
    EXPECT_EQ(verdict(result), hash == crypto::Hash::sha1
                                   ? "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE"
                                   : "PASSED")
        << reasons(result.signatures[0].conclusion);
  }
}

// 5.5.4: by what is known now, with the signer ended and its CRL from a file, while the time-stamp is good at the present.
TEST(Procedure, TakesWhatIsKnownNowForASignerThatHasEnded) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-12-20");
  pki::CrlWish crl;
  crl.this_update = at("2016-01-01");
  crl.next_update = at("2016-01-08");
  Story silent = story;
  silent.add_crl(silent.tsa, "2016-01-01", "2016-01-08", {}, Origin::file);
  silent.add_crl(silent.ca, crl, Origin::file);
  EXPECT_EQ(verdict(silent.validate("2016-01-02")),
            "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  crl.expired_since = at("2014-01-01");
  story.add_crl(story.tsa, "2016-01-01", "2016-01-08", {}, Origin::file);
  story.add_crl(story.ca, crl, Origin::file);
  const ValidationResult result = story.validate("2016-01-02");
  EXPECT_EQ(verdict(result), "PASSED") << reasons(result.signatures[0].conclusion);
}

// TS 119 612, 5.5.9.1: what a trusted list says of the issuer, where the data itself says nothing.
TEST(Procedure, TakesDataOfAnIssuerThatKeepsEndedCertificatesByItsTrustedList) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-12-20");
  story.add_crl(story.tsa, "2016-01-01", "2016-01-08", {}, Origin::file);
  Story saying = story;
  story.add_crl(story.ca, "2016-01-01", "2016-01-08", {}, Origin::file);
  const auto anchor_of = [](Story& of) {
    return std::ranges::find_if(of.policy.anchors, [&](const TrustAnchor& anchor) {
      return anchor.certificate->id() == of.ca.certificate->id();
    });
  };
  constexpr const char* kRefused = "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE";
  EXPECT_EQ(verdict(story.validate("2016-01-02")), kRefused);
  anchor_of(story)->keeps_ended_since = at("2015-06-01");  // the signer ended before
  EXPECT_EQ(verdict(story.validate("2016-01-02")), kRefused);
  anchor_of(story)->keeps_ended_since = at("2014-01-01");
  EXPECT_EQ(verdict(story.validate("2016-01-02")), "PASSED");
  // What the data says goes first.
  pki::CrlWish crl;
  crl.this_update = at("2016-01-01");
  crl.next_update = at("2016-01-08");
  crl.expired_since = at("2015-06-01");
  saying.add_crl(saying.ca, crl, Origin::file);
  anchor_of(saying)->keeps_ended_since = at("2014-01-01");
  EXPECT_EQ(verdict(saying.validate("2016-01-02")), kRefused);
}

// Who answers with a digest of the certificate has it on record.
TEST(Procedure, TakesAnOcspAnswerThatKnowsTheEndedCertificate) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-12-20");
  story.add_crl(story.tsa, "2016-01-01", "2016-01-08", {}, Origin::file);
  pki::OcspWish wish;
  wish.answers = {pki::good(story.signer, story.ca, at("2016-01-01"), at("2016-01-08"))};
  const auto with_answer = [&] {
    Story answered = story;
    answered.parts.evidence.add(RevocationData::parse_ocsp(pki::ocsp(story.ca, wish)).value(),
                                Origin::file);
    return verdict(answered.validate("2016-01-02"));
  };
  EXPECT_EQ(with_answer(), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  const Bytes digest = pki::digest(crypto::Hash::sha256, story.signer.der());
  wish.answers[0].extensions = {
      {"1.3.36.8.3.13", der::encode_sequence({pki::hash_algorithm(crypto::Hash::sha256),
                                              der::encode(der::kOctetString, digest)})}};
  EXPECT_EQ(with_answer(), "PASSED");
}

TEST(Procedure, FindsTheSignerByItsNameHoweverThatIsSpelled) {
  Story story;
  Bytes& issuer = story.sign().signer.issuer;
  constexpr std::uint8_t kUtf8 = 0x0C;
  constexpr std::uint8_t kPrintable = 0x13;
  const auto before = issuer;
  std::ranges::replace(issuer, kUtf8, kPrintable);
  ASSERT_NE(issuer, before);
  EXPECT_EQ(text(story.validate_with_fresh("2014-06-01").signatures.front().conclusion), "PASSED");
}

// Without a signed reference the message may have another certificate of that name, in front of the right one.
TEST(Procedure, TakesTheCertificateThatFitsAmongThoseOfOneName) {
  Story story;
  pki::MessageWish wish;
  wish.certificate_reference = false;
  story.sign(wish);
  pki::CertificateWish other = pki::signer("Seal");
  other.serial = story.signer.certificate->serial_number();
  other.key_name = "another key";
  story.parts.evidence = {};
  story.add_certificate(
      pki::issue(pki::root(pki::authority(story.ca.certificate->short_name())), other));
  story.add_certificate(story.signer);
  EXPECT_EQ(text(story.validate_with_fresh("2014-06-01").signatures.front().conclusion), "PASSED");
}

}  // namespace
}  // namespace signet::validation
