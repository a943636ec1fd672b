// Proofs of existence of the certificates that signed attributes name by their digests (EN 319 102-1, 5.6.2.3): what a time-stamp
// protects proves what it refers to.
#include <gtest/gtest.h>

#include <optional>
#include <utility>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::reasons;
using pki::Story;
using pki::text;

constexpr const char* kStamped = "2014-05-06";
constexpr const char* kLater = "2016-06-01";

void name_in(SignerPart& signer, const pki::Party& party,
             crypto::Hash hash = crypto::Hash::sha256) {
  signer.certificate_references.push_back({hash, pki::digest(hash, party.der()), {}});
}

// When that certificate is proven to have existed.
std::optional<Time> proven(const ValidationResult& result, const pki::Party& party) {
  const auto found = result.proofs.find(party.certificate->id());
  if (found == result.proofs.end()) return {};
  return found->second.time;
}

// What Acrobat makes: the revocation data is a signed attribute, the only time-stamp is over the signature's value, and the
// certificates stand in the message, under no time-stamp. The signer's ended in 2015, its authority's `middle_ends`.
struct WithSignedData : Story {
  explicit WithSignedData(const char* middle_ends = "2030-01-01") {
    pki::CertificateWish authority = pki::authority("Middle");
    authority.not_after = at(middle_ends);
    middle = pki::issue(ca, authority);
    pki::CertificateWish wish = pki::signer("Below");
    wish.not_before = at("2013-01-01");
    wish.not_after = at("2015-01-01");
    signer = pki::issue(middle, wish);
    sign();
    add_certificate(middle);
    unit = tsu("TSU", "2013-01-01", "2030-01-01");
    TimeStampPart& stamp = stamp_signature(unit, kStamped);
    stamp.covered.insert(add_crl(ca, "2014-05-01", "2014-11-01", {}, Origin::message)->id());
    stamp.covered.insert(add_crl(middle, "2014-05-05", "2014-05-12", {}, Origin::message)->id());
    add_crl(tsa, "2016-05-31", "2016-06-07", {}, Origin::file);
  }
  SignerPart& signed_part() { return parts.signatures[0].signer; }

  pki::Party middle, unit;
};

TEST(ReferencedCertificates, OfTheSignerAreProvenByATimeStampOverTheSignature) {
  WithSignedData story;
  const ValidationResult result = story.validate(kLater);
  EXPECT_EQ(text(result.signatures[0].conclusion), "PASSED")
      << reasons(result.signatures[0].conclusion);
  EXPECT_EQ(proven(result, story.signer), at(kStamped));
  EXPECT_EQ(proven(result, story.middle), std::nullopt);
}

TEST(ReferencedCertificates, AreAllThatTheAttributeNames) {
  for (const bool named : {false, true}) {
    WithSignedData story("2015-06-01");
    if (named) name_in(story.signed_part(), story.middle);
    const ValidationResult result = story.validate(kLater);
    EXPECT_EQ(result.signatures[0].conclusion.passed(), named)
        << reasons(result.signatures[0].conclusion);
    EXPECT_EQ(proven(result, story.middle), named ? std::optional(at(kStamped)) : std::nullopt);
  }
}

// The reader gives digests as they stand: another certificate has another one.
TEST(ReferencedCertificates, AreThoseWithThatDigest) {
  WithSignedData story;
  name_in(story.signed_part(), story.middle);
  story.signed_part().certificate_references.back().digest[0] ^= 1U;
  name_in(story.signed_part(), story.middle, crypto::Hash::sha512);
  story.signed_part().certificate_references.back().hash = crypto::Hash::none;
  EXPECT_EQ(proven(story.validate(kLater), story.middle), std::nullopt);
}

// SHA-1 ended on 2012-08-01: afterwards a certificate could be made that has the digest.
TEST(ReferencedCertificates, AreNamedByAHashThatIsGoodAtThatMoment) {
  for (const crypto::Hash hash : {crypto::Hash::sha1, crypto::Hash::sha256}) {
    WithSignedData story;
    story.signed_part().certificate_references.clear();
    name_in(story.signed_part(), story.signer, hash);
    const bool good = hash == crypto::Hash::sha256;
    const ValidationResult result = story.validate(kLater);
    EXPECT_EQ(proven(result, story.signer).has_value(), good);
    EXPECT_EQ(text(result.signatures[0].conclusion),
              good ? "PASSED" : "INDETERMINATE/OUT_OF_BOUNDS_NOT_REVOKED");
  }
}

// Anybody may put an old value and its token beside other attributes.
TEST(ReferencedCertificates, OfWhatNobodySignedAreNotProvenByATimeStampOverAnOldValue) {
  WithSignedData story;
  name_in(story.signed_part(), story.middle);
  story.signed_part().signed_attributes.back() ^= 1U;
  const ValidationResult result = story.validate(kLater);
  EXPECT_EQ(proven(result, story.signer), std::nullopt);
  EXPECT_EQ(proven(result, story.middle), std::nullopt);
}

TEST(ReferencedCertificates, AreNotProvenByATimeStampThatIsNotValid) {
  WithSignedData story;
  story.parts.signatures[0].signature_time_stamps[0].imprint_matches = false;
  EXPECT_EQ(proven(story.validate(kLater), story.signer), std::nullopt);
}

// A document time-stamp is over the attributes as they stand, of signatures and of tokens. The certificates themselves may come
// later: in a newer DSS, or as files.
TEST(ReferencedCertificates, OfAllThatADocumentTimeStampIsOverAreProven) {
  Story story;
  story.sign();
  const pki::Party first = story.tsu("First TSU", "2013-01-01", "2018-01-01");
  story.stamp_signature(first, kStamped);
  const std::set<ObjectId> late{story.signer.certificate->id(), first.certificate->id()};
  TimeStampPart& stamp =
      story.stamp_document(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-07");
  for (const ObjectId& id : late) stamp.covered.erase(id);
  const ValidationResult result = story.validate_with_fresh("2014-06-01");
  EXPECT_EQ(proven(result, story.signer), at(kStamped));
  EXPECT_EQ(proven(result, first), at("2014-05-07"));
}

}  // namespace
}  // namespace signet::validation
