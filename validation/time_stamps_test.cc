// Time-stamps, freshness and the signers of revocation data (EN 319 102-1, 5.2.5, 5.4; RFC 3161, 4; RFC 6960, 4.2.2.2).
#include <gtest/gtest.h>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::Story;
using pki::text;

std::string verdict(const ValidationResult& result) {
  return text(result.signatures.front().conclusion);
}

// RFC 3161, 4.
TEST(TimeStamps, LetsTimeStampsSurviveAHarmlessRevocation) {
  const auto stamp_of = [](std::optional<int> reason, const char* revoked, bool proven) {
    Story story;
    story.sign();
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2018-01-01");
    story.stamp_signature(unit, "2014-02-01");
    if (proven) {
      story.add_crl(story.tsa, "2014-02-20", "2014-04-01");
      story.stamp_document(story.tsu("Other", "2013-01-01", "2018-01-01"), "2014-02-21");
    }
    story.add_crl(story.tsa, "2014-05-31T13:00:00Z", "2014-06-07",
                  {pki::entry_of(*unit.certificate, at(revoked), reason)});
    story.add_crl(story.ca, "2014-05-31T13:00:00Z", "2014-06-07");
    return text(story.validate("2014-06-01").signatures[0].time_stamps[0].conclusion);
  };
  for (const int reason : {0, 3, 4, 5}) {
    EXPECT_EQ(stamp_of(reason, "2014-03-01", false), "PASSED") << reason;
    EXPECT_EQ(stamp_of(reason, "2014-01-01", false), "INDETERMINATE/REVOKED_NO_POE") << reason;
  }
  EXPECT_EQ(stamp_of(1, "2014-03-01", false), "INDETERMINATE/REVOKED_NO_POE");
  EXPECT_EQ(stamp_of({}, "2014-03-01", false), "INDETERMINATE/REVOKED_NO_POE");
  EXPECT_EQ(stamp_of(1, "2014-03-01", true), "PASSED");
  EXPECT_EQ(stamp_of({}, "2014-03-01", true), "PASSED");
}

// Only what is later than the control time proves nothing (EN 319 102-1, 5.6.3.4).
TEST(TimeStamps, ProveWhatTheyCoverAtTheControlTimeItself) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2018-11-04"), "2014-05-06");
  const ValidationResult result = story.validate_with_fresh("2014-05-06");
  EXPECT_EQ(verdict(result), "PASSED");
  EXPECT_TRUE(result.signatures[0].best_signature_time.by);
}

// 5.2.8 and 5.6.2.4, step 4: the imprint's algorithm at the moment that the next time-stamp proves. SHA-1 ended on 2012-08-01.
TEST(TimeStamps, JudgesAnImprintAtTheMomentThatTheNextTimeStampProves) {
  for (const char* next : {"2012-07-01", "2012-09-01"}) {
    Story story;
    pki::CertificateWish wish = pki::signer("Long");
    story.signer = pki::issue(story.ca, wish);
    story.sign();
    pki::TokenWish old;
    old.time = at("2012-06-01");
    old.imprint_hash = crypto::Hash::sha1;
    const pki::Party unit = story.tsu("TSU", "2011-01-01", "2030-01-01");
    story.stamp_document(unit, old);
    story.add_crl(story.tsa, "2012-06-30", "2012-10-08");
    story.stamp_document(unit, next);
    const ValidationResult result = story.validate_with_fresh("2014-06-01");
    EXPECT_EQ(text(result.document_time_stamps[0].conclusion),
              std::string_view(next) == "2012-07-01"
                  ? "PASSED"
                  : "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE");
    EXPECT_EQ(result.signatures[0].best_signature_time.time,
              at(std::string_view(next) == "2012-07-01" ? "2012-06-01" : next));
  }
}

// (EU) 2025/1945: 24 hours, for the signing certificate alone.
TEST(TimeStamps, AsksForTheFreshnessOfThePolicy) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
  story.add_crl(story.ca, "2014-05-30", "2014-06-07");
  story.add_crl(story.tsa, "2014-05-30", "2014-06-07");
  EXPECT_EQ(verdict(story.validate("2014-06-01")), "PASSED");
  story.policy.freshness = std::chrono::hours(24);
  const ValidationResult result = story.validate("2014-06-01");
  EXPECT_EQ(text(result.signatures[0].time_stamps[0].conclusion), "PASSED");
  // What was known an hour after the signature is enough: the signature is proven.
  EXPECT_EQ(verdict(result), "PASSED");
  Story alone;
  alone.sign();
  alone.policy.freshness = std::chrono::hours(24);
  alone.add_crl(alone.ca, "2014-05-30", "2014-06-07");
  EXPECT_EQ(verdict(alone.validate("2014-06-01")), "INDETERMINATE/TRY_LATER");
  EXPECT_EQ(verdict(alone.validate("2014-05-31")), "PASSED");
}

TEST(TimeStamps, AssumesAFreshnessWhereDataNamesNone) {
  Story story;
  story.sign();
  pki::CrlWish crl;
  crl.this_update = at("2014-05-31");
  crl.next_update = std::nullopt;
  story.add_crl(story.ca, crl);
  EXPECT_EQ(verdict(story.validate("2014-06-01")), "PASSED");
  EXPECT_EQ(verdict(story.validate("2014-06-02")), "INDETERMINATE/TRY_LATER");
}

// RFC 6960, 4.2.2.2.1: a responder without nocheck needs revocation data of its own.
TEST(TimeStamps, ChecksRespondersToo) {
  using Status = pki::OcspSingle::Status;
  const auto with = [](bool nocheck, std::optional<Status> status) {
    Story story;
    story.sign();
    const auto answer = [&](const pki::Party& by, const pki::Party& about, Status says) {
      pki::OcspWish ocsp;
      ocsp.answers = {pki::good(about, story.ca, at("2014-05-31"), at("2014-06-02"))};
      ocsp.answers[0].status = says;
      ocsp.answers[0].revoked_at = at("2014-05-30");
      story.add_ocsp(by, ocsp);
    };
    pki::CertificateWish wish = pki::responder("Responder");
    const pki::Party other = pki::issue(story.ca, pki::responder("Other responder"));
    if (!nocheck)
      wish.extensions = {pki::key_usage({0}), pki::extended_key_usage({pki::kOcspSigning}, false)};
    const pki::Party responder = pki::issue(story.ca, wish);
    answer(responder, story.signer, Status::good);
    if (status) answer(other, responder, *status);
    return verdict(story.validate("2014-06-01"));
  };
  EXPECT_EQ(with(true, {}), "PASSED");
  EXPECT_EQ(with(false, {}), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  EXPECT_EQ(with(false, Status::good), "PASSED");
  EXPECT_EQ(with(false, Status::revoked), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  EXPECT_EQ(with(false, Status::unknown), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
}

// A later change does not touch what a time-stamp proves; where there is no signature, it stands for the content.
TEST(TimeStamps, JudgesChangesAfterATimeStampThatStandsAlone) {
  static constexpr Sentence kWhat{"a page was added", "přibyla strana"};
  for (const bool alone : {false, true}) {
    Story story;
    if (!alone) story.sign();
    TimeStampPart& stamp =
        story.stamp_document(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
    stamp.pdf.emplace();
    stamp.pdf->changes.push_back(pki::change(ChangeKind::page_tree, false, kWhat));
    const ValidationResult result = story.validate_with_fresh("2014-06-01");
    EXPECT_EQ(text(result.document_time_stamps[0].conclusion),
              alone ? "FAILED/FORMAT_FAILURE" : "PASSED");
    EXPECT_EQ(text(*result.overall()), alone ? "FAILED/FORMAT_FAILURE" : "PASSED");
  }
}

TEST(TimeStamps, SaysNothingOfWhatHasNeitherSignatureNorTimeStamp) {
  Story story;
  EXPECT_FALSE(story.validate("2014-06-01").overall());
}

TEST(TimeStamps, TakesTheWorstSignatureForTheWhole) {
  Story story;
  story.sign();
  pki::MessageWish other;
  other.content = copy_of(view_of("other"));
  story.sign(other);
  story.parts.signatures[1].signer.content_digest.clear();
  EXPECT_EQ(text(*story.validate_with_fresh("2014-06-01").overall()), "INDETERMINATE");
  story.parts.signatures[0].signer.content_digest = pki::digest(crypto::Hash::sha256, {});
  EXPECT_EQ(text(*story.validate("2014-06-01").overall()), "FAILED/HASH_FAILURE");
}

// Tokens that only show something prove nothing.
TEST(TimeStamps, TakesNoProofFromReferences) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06").kind =
      TimeStampKind::references;
  EXPECT_EQ(story.validate_with_fresh("2014-06-01").signatures[0].best_signature_time.time,
            at("2014-06-01"));
}

// RFC 3161, 2.4.2: which of two was first is known where their times differ by more than both accuracies together. EN 319 421 wants
// a second or better of every authority.
struct Order {
  std::optional<std::chrono::microseconds> accuracy = {};
  bool ordering = false;
  bool other_authority = false;

  // Of two document time-stamps; the time of the second one, which is over the first, is earlier by that much.
  std::string by(std::chrono::milliseconds earlier) const {
    Story story;
    story.sign();
    pki::TokenWish wish;
    wish.accuracy = accuracy;
    wish.ordering = ordering;
    wish.time = at("2014-05-06");
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
    story.stamp_document(unit, wish);
    wish.time -= earlier;
    story.stamp_document(
        other_authority ? story.tsu("Other TSU", "2013-01-01", "2030-01-01") : unit, wish);
    return verdict(story.validate_with_fresh("2014-06-01"));
  }
};

TEST(TimeStamps, ContradictTheirOrderBeyondTheirAccuraciesOnly) {
  using std::chrono::milliseconds;
  constexpr const char* kWrong = "INDETERMINATE/TIMESTAMP_ORDER_FAILURE";
  EXPECT_EQ(Order().by(milliseconds(2000)), "PASSED");
  EXPECT_EQ(Order().by(milliseconds(2001)), kWrong);
  EXPECT_EQ(Order{.accuracy = milliseconds(500)}.by(milliseconds(1000)), "PASSED");
  EXPECT_EQ(Order{.accuracy = milliseconds(500)}.by(milliseconds(1001)), kWrong);
  EXPECT_EQ(Order{.accuracy = std::chrono::minutes(1)}.by(milliseconds(120'000)), "PASSED");
  EXPECT_EQ((Order{.ordering = true}.by(milliseconds(1))), kWrong);
  EXPECT_EQ((Order{.ordering = true, .other_authority = true}.by(milliseconds(2000))), "PASSED");
  EXPECT_EQ((Order{.ordering = true, .other_authority = true}.by(milliseconds(2001))), kWrong);
}

TEST(TimeStamps, ContradictThatOfTheContentBeyondTheirAccuraciesOnly) {
  for (const int seconds : {2, 3}) {
    Story story;
    story.sign();
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
    story.stamp_content(unit, "2014-05-06T00:00:03Z");
    story.stamp_signature(unit, seconds == 2 ? "2014-05-06T00:00:01Z" : "2014-05-06");
    EXPECT_EQ(verdict(story.validate_with_fresh("2014-06-01")),
              seconds == 2 ? "PASSED" : "INDETERMINATE/TIMESTAMP_ORDER_FAILURE");
  }
}

// One whose order is not known says so too.
TEST(TimeStamps, HaveAnOrderWhereBothSaySo) {
  Story story;
  story.sign();
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_document(unit, "2014-05-06T00:00:01Z").ordering = true;
  story.stamp_document(unit, "2014-05-06");
  EXPECT_EQ(verdict(story.validate_with_fresh("2014-06-01")), "PASSED");
}

// RFC 3161, 2.4.2.
TEST(TimeStamps, RefusesATokenThatDoesNotNameItsSigner) {
  Story story;
  story.sign();
  SignerPart& signer =
      story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06").signer;
  signer.has_certificate_reference = false;
  signer.certificate_references.clear();
  EXPECT_EQ(text(story.validate_with_fresh("2014-06-01").signatures[0].time_stamps[0].conclusion),
            "INDETERMINATE/NO_SIGNING_CERTIFICATE_FOUND");
}

TEST(TimeStamps, JudgesNoMoreThanAThousandTimeStamps) {
  Story story;
  story.sign();
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_signature(unit, "2014-05-06");
  auto& stamps = story.parts.signatures[0].signature_time_stamps;
  stamps.resize(1001, stamps[0]);
  const ValidationResult result = story.validate_with_fresh("2014-06-01");
  EXPECT_EQ(text(result.signatures[0].time_stamps[999].conclusion), "PASSED");
  EXPECT_EQ(text(result.signatures[0].time_stamps[1000].conclusion), "INDETERMINATE/NO_POE");
}

}  // namespace
}  // namespace signet::validation
