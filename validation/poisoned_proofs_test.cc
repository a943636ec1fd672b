// Evidence that claims to be older than a valid time-stamp proves it to be (EN 319 102-1, 5.6.2.3).
#include <gtest/gtest.h>

#include <functional>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::Story;
using pki::text;

constexpr const char* kStamped = "2014-05-06";
constexpr const char* kAt = "2014-06-01";

// A signature whose signed attributes hold a CRL, and a valid time-stamp over its value.
struct Poisoned {
  Story story;
  RevocationDataPtr crl;

  void stamp() {
    story.sign();
    crl = story.add_crl(story.ca, "2014-05-01", "2014-05-30", {}, Origin::message);
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
    story.stamp_signature(unit, kStamped).covered.insert(crl->id());
  }
  // When the CRL is proven to have existed; the time-stamp is good and proves the signature's value in any case.
  std::optional<Time> proven() {
    const ValidationResult result = story.validate_with_fresh(kAt);
    EXPECT_EQ(text(result.signatures[0].time_stamps[0].conclusion), "PASSED");
    EXPECT_EQ(result.signatures[0].best_signature_time.time, at(kStamped));
    const auto found = result.proofs.find(crl->id());
    if (found == result.proofs.end()) return {};
    return found->second.time;
  }
};

TEST(PoisonedProofs, WhatAGoodSignatureSignedIsProvenByItsTimeStamp) {
  Poisoned made;
  made.stamp();
  EXPECT_EQ(made.proven(), at(kStamped));
}

// Anybody may put an old value and its old token beside new attributes.
TEST(PoisonedProofs, WhatNobodySignedIsNotProvenByATimeStampOverAnOldValue) {
  Poisoned made;
  made.stamp();
  made.story.parts.signatures[0].signer.signed_attributes.back() ^= 1U;
  EXPECT_EQ(made.proven(), std::nullopt);
}

TEST(PoisonedProofs, NorByAKeyThatNobodyTrusts) {
  Poisoned made;
  made.story.signer = pki::root(pki::signer("Made for the value"));
  made.stamp();
  EXPECT_EQ(made.proven(), std::nullopt);
}

TEST(PoisonedProofs, NorByAKeyThatIsYoungerThanTheTimeStamp) {
  Poisoned made;
  pki::CertificateWish wish = pki::signer("Made for the value");
  wish.not_before = at("2014-05-20");
  made.story.signer = pki::issue(made.story.ca, wish);
  made.stamp();
  EXPECT_EQ(made.proven(), std::nullopt);
}

TEST(PoisonedProofs, TimeStampsThatAreNotValidProveNothing) {
  const auto spoil = [](const std::function<void(Story&, TimeStampPart&)>& how) {
    Story story;
    story.sign();
    const RevocationDataPtr crl = story.add_crl(story.ca, "2014-05-01", "2014-05-30");
    TimeStampPart& stamp =
        story.stamp_document(story.tsu("TSU", "2013-01-01", "2030-01-01"), kStamped);
    how(story, stamp);
    const ValidationResult result = story.validate_with_fresh(kAt);
    return result.proofs.contains(crl->id()) ||
           result.proofs.contains(story.parts.signatures[0].id);
  };
  EXPECT_TRUE(spoil([](Story&, TimeStampPart&) {}));
  EXPECT_FALSE(spoil([](Story&, TimeStampPart& stamp) { stamp.imprint_matches = false; }));
  EXPECT_FALSE(spoil([](Story&, TimeStampPart& stamp) { stamp.imprint_matches.reset(); }));
  EXPECT_FALSE(spoil([](Story&, TimeStampPart& stamp) { stamp.signer.signature[9] ^= 1U; }));
  EXPECT_FALSE(spoil([](Story&, TimeStampPart& stamp) { stamp.signer.content_digest[0] ^= 1U; }));
  EXPECT_FALSE(spoil([](Story&, TimeStampPart& stamp) { stamp.kind = TimeStampKind::references; }));
  EXPECT_FALSE(spoil([](Story& story, TimeStampPart&) { story.policy.anchors.pop_back(); }));
}

// 5.5.2 of EN 319 122-1: an archive time-stamp is over digests. SHA-1 ended on 2012-08-01.
TEST(PoisonedProofs, AHashIndexIsJudgedAsTheTimeStampIs) {
  const auto verdict = [](crypto::Hash index, const char* next) {
    Story story;
    story.signer = pki::issue(story.ca, pki::signer("Long"));
    story.sign();
    const pki::Party unit = story.tsu("TSU", "2011-01-01", "2030-01-01");
    TimeStampPart& stamp = story.stamp_document(unit, "2012-06-01");
    stamp.kind = TimeStampKind::archive;
    stamp.index_hash = index;
    story.add_crl(story.tsa, "2012-06-30", "2012-10-08");
    if (next) story.stamp_document(unit, next);
    const ValidationResult result = story.validate_with_fresh(kAt);
    const Time best = result.signatures[0].best_signature_time.time;
    EXPECT_EQ(best == at("2012-06-01"), result.document_time_stamps[0].conclusion.passed());
    return text(result.document_time_stamps[0].conclusion);
  };
  constexpr const char* kWeak = "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE";
  EXPECT_EQ(verdict(crypto::Hash::sha256, nullptr), "PASSED");
  EXPECT_EQ(verdict(crypto::Hash::sha1, nullptr), kWeak);
  EXPECT_EQ(verdict(crypto::Hash::sha1, "2012-09-01"), kWeak);
  EXPECT_EQ(verdict(crypto::Hash::sha1, "2012-07-01"), "PASSED");
}

}  // namespace
}  // namespace signet::validation
