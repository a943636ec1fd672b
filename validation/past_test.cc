// Past certificate validation (EN 319 102-1, 5.6.2.1 and 5.6.2.2): which proofs move the control time, and how far.
#include <gtest/gtest.h>

#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::reasons;
using pki::Story;
using pki::text;

std::string verdict(const ValidationResult& result) {
  return text(result.signatures.front().conclusion);
}

constexpr const char* kWeak = "INDETERMINATE/CRYPTO_CONSTRAINTS_FAILURE_NO_POE";

// Nothing that is signed names the certificate: what proves the signature proves nothing of it.
pki::MessageWish without_reference() {
  pki::MessageWish wish;
  wish.certificate_reference = false;
  return wish;
}

// The signer's authority was revoked on 2015-01-10; what is asked for by then is the certificate and its revocation data.
struct RevokedMiddle : Story {
  RevokedMiddle() {
    const pki::Party middle = pki::issue(ca, pki::authority("Middle"));
    pki::CertificateWish wish = pki::signer("Below");
    wish.not_before = at("2013-01-01");
    wish.not_after = at("2015-01-01");
    signer = pki::issue(middle, wish);
    sign(without_reference());
    unit = tsu("TSU", "2013-01-01", "2030-01-01");
    stamp_signature(unit, "2014-05-06");
    add_certificate(middle);
    data = add_crl(middle, "2014-12-30", "2015-02-01")->id();
    add_crl(ca, "2015-02-10", "2015-03-10", {pki::entry_of(*middle.certificate, at("2015-01-10"))},
            Origin::file);
    add_crl(tsa, "2019-12-31", "2020-01-10", {}, Origin::file);
  }
  std::string proven_early(std::set<ObjectId> early) {
    stamp_document(unit, "2015-01-05").covered = std::move(early);
    stamp_document(unit, "2015-01-20");
    return verdict(validate("2020-01-01"));
  }
  pki::Party unit;
  ObjectId data;
};

// 5.6.2.2 a.
TEST(Past, WantsTheCertificateAndItsDataProvenByTheControlTime) {
  RevokedMiddle both, certificate, data;
  EXPECT_EQ(both.proven_early({both.signer.certificate->id(), both.data}), "PASSED");
  EXPECT_EQ(certificate.proven_early({certificate.signer.certificate->id()}),
            "INDETERMINATE/REVOKED_CA_NO_POE");
  EXPECT_EQ(data.proven_early({data.data}), "INDETERMINATE/REVOKED_CA_NO_POE");
}

// The shell model: every certificate of the chain was valid at the best signature time.
TEST(Past, WantsTheAuthorityValidAtTheBestSignatureTime) {
  for (const char* stamped : {"2014-05-31", "2014-06-02"}) {
    Story story;
    pki::CertificateWish authority = pki::authority("Middle");
    authority.not_after = at("2014-06-01");
    const pki::Party middle = pki::issue(story.ca, authority);
    story.signer = pki::issue(middle, pki::signer("Longer"));
    story.sign();
    story.add_certificate(middle);
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
    story.add_crl(middle, "2014-05-30", "2014-07-01");
    story.add_crl(story.ca, "2014-05-30", "2014-07-01");
    story.stamp_document(unit, "2014-05-30T12:00:00Z").covered.erase(story.parts.signatures[0].id);
    story.stamp_signature(unit, stamped);
    const ValidationResult result = story.validate_with_fresh("2015-01-01");
    EXPECT_EQ(verdict(result), std::string_view(stamped) == "2014-05-31"
                                   ? "PASSED"
                                   : "INDETERMINATE/OUT_OF_BOUNDS_NO_POE")
        << reasons(result.signatures[0].conclusion);
  }
}

// 5.6.2.1: the validities of a chain have a moment in common.
TEST(Past, WantsAMomentAtWhichTheWholeChainIsValid) {
  for (const char* from : {"2014-06-01", "2015-06-01"}) {
    Story story;
    const pki::Party middle = pki::issue(story.ca, pki::authority("Middle"));
    pki::CertificateWish below = pki::signer("Below");
    below.not_after = at("2015-01-01");
    story.signer = pki::issue(middle, below);
    pki::CertificateWish renewed = pki::authority("Middle");
    renewed.not_before = at(from);
    renewed.not_after = at("2018-01-01");
    story.sign();
    story.add_certificate(pki::issue(story.ca, renewed));
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
    story.stamp_signature(unit, "2014-05-06");
    pki::CrlWish keeping;
    keeping.this_update = at("2015-07-01");
    keeping.next_update = at("2030-01-01");
    keeping.expired_since = at("2010-01-01");
    story.add_crl(middle, keeping);
    story.add_crl(story.ca, "2015-07-01", "2030-01-01");
    story.stamp_document(unit, "2016-01-01");
    const ValidationResult result = story.validate_with_fresh("2020-01-01");
    const bool together = std::string_view(from) == "2014-06-01";
    EXPECT_EQ(verdict(result), together ? "PASSED" : "INDETERMINATE/OUT_OF_BOUNDS_NO_POE");
    EXPECT_EQ(
        reasons(result.signatures[0].conclusion).find("never valid together") == std::string::npos,
        together);
  }
}

// 5.6.2.2 d: SHA-1 was good until 2012-08-01, that moment not included.
struct WithSha1 : Story {
  WithSha1(bool certificate, bool crl, const char* data_proven, const char* signature_proven) {
    pki::CertificateWish wish = pki::signer("Early");
    wish.not_before = at("2011-01-01");
    wish.not_after = at("2013-01-01");
    if (certificate) wish.signature.hash = crypto::Hash::sha1;
    signer = pki::issue(ca, wish);
    sign(without_reference());
    const pki::Party unit = tsu("TSU", "2011-01-01", "2030-01-01");
    pki::CrlWish data;
    data.this_update = at("2012-06-02");
    data.next_update = at("2012-12-02");
    if (crl) data.signature.hash = crypto::Hash::sha1;
    add_crl(ca, data);
    stamp_document(unit, data_proven).covered.erase(parts.signatures[0].id);
    stamp_signature(unit, signature_proven);
    add_crl(tsa, "2019-12-31", "2020-01-10", {}, Origin::file);
  }
};

TEST(Past, MovesToTheEndOfAnAlgorithm) {
  for (const bool certificate : {false, true}) {
    const auto of = [&](const char* data, const char* signature) {
      return verdict(WithSha1(certificate, !certificate, data, signature).validate("2020-01-01"));
    };
    EXPECT_EQ(of("2012-06-03", "2012-07-31T23:59:59Z"), "PASSED") << certificate;
    EXPECT_EQ(of("2012-06-03", "2012-08-01"), kWeak) << certificate;
    EXPECT_EQ(of("2012-06-03", "2012-10-01"), kWeak) << certificate;
    // Afterwards anybody may have made the certificate, or the CRL.
    EXPECT_EQ(of("2012-08-01", "2012-07-31"), kWeak) << certificate;
  }
  EXPECT_EQ(verdict(WithSha1(false, false, "2012-10-01", "2012-10-02").validate("2020-01-01")),
            "PASSED");
}

TEST(Past, PrefersDataOfAGoodAlgorithm) {
  Story story;
  story.sign();
  pki::CrlWish weak;
  weak.this_update = at("2014-05-31");
  weak.next_update = at("2014-06-07");
  weak.signature.hash = crypto::Hash::sha1;
  story.add_crl(story.ca, weak);
  EXPECT_EQ(verdict(story.validate("2014-06-01")), kWeak);
  story.add_crl(story.ca, "2014-05-30", "2014-06-07");
  EXPECT_EQ(verdict(story.validate("2014-06-01")), "PASSED");
}

TEST(Past, TakesARevocationForTheMomentThatItNames) {
  Story story;
  story.sign();
  story.add_crl(story.ca, "2014-05-31", "2014-06-07",
                {pki::entry_of(*story.signer.certificate, at("2014-06-03"), 4)});
  EXPECT_EQ(verdict(story.validate("2014-06-01")), "PASSED");
  EXPECT_EQ(verdict(story.validate("2014-06-03")), "INDETERMINATE/REVOKED_NO_POE");
}

// 5.6.2.2 b: revoked in any of the data. A hold can be taken back.
// A revocation that became known only after the control time that the chain allows is known all the same.
TEST(Past, ForgetsNoRevocationThatWasPublishedLater) {
  using Verdicts = std::pair<std::string, std::string>;
  const auto with = [](const char* revoked_at, bool authority) {
    Story story;
    const pki::Party middle = pki::issue(story.ca, pki::authority("Middle"));
    pki::CertificateWish wish = pki::signer("Below");
    wish.not_after = at("2015-01-01");
    story.signer = pki::issue(middle, wish);
    story.sign();
    story.add_certificate(middle);
    const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
    story.stamp_signature(unit, "2014-05-06");
    story.add_crl(story.ca, "2014-05-07", "2014-06-07");
    story.add_crl(middle, "2014-05-07", "2014-06-07");
    story.stamp_document(unit, "2014-05-08");
    const pki::Party& revoked = authority ? middle : story.signer;
    story.add_crl(authority ? story.ca : middle, "2014-12-01", "2014-12-08",
                  {pki::entry_of(*revoked.certificate, at(revoked_at))});
    story.stamp_document(unit, "2014-12-10");
    story.add_crl(story.tsa, "2019-12-31", "2020-01-10", {}, Origin::file);
    const ValidationResult result = story.validate("2020-01-01");
    return Verdicts(verdict(result), reasons(result.signatures[0].conclusion));
  };
  EXPECT_EQ(with("2014-05-20", false).first, "PASSED");
  const auto [verdict, why] = with("2014-04-06", false);
  EXPECT_EQ(verdict, "INDETERMINATE/REVOKED_NO_POE");
  EXPECT_NE(why.find("Below was revoked at 2014-04-06"), std::string::npos) << why;
  EXPECT_EQ(with("2014-05-20", true).first, "PASSED");
  EXPECT_EQ(with("2014-04-06", true).first, "INDETERMINATE/REVOKED_CA_NO_POE");
}

// RFC 5280, 5.3.2; EN 319 102-1, 5.5.4 and 5.6.2.2: the revocation time decides. Since when its authority calls the certificate
// invalid is for people.
TEST(Past, WarnsOfAnInvalidityDate) {
  const auto with = [](const char* revoked, std::optional<const char*> invalid) {
    Story story;
    story.sign();
    story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
    pki::CrlEntry entry = pki::entry_of(*story.signer.certificate, at(revoked), 1);
    if (invalid) entry.invalid_since = at(*invalid);
    story.add_crl(story.ca, "2014-05-31", "2014-06-07", {entry});
    story.add_crl(story.tsa, "2014-05-31", "2014-06-07");
    Conclusion found = story.validate("2014-06-01").signatures[0].conclusion;
    std::size_t warnings = 0;
    for (const Statement& warning : found.warnings)
      if (text_of(warning, Language::english).find("calls it invalid since") != std::string::npos)
        ++warnings;
    return std::pair(text(found), warnings);
  };
  using Found = std::pair<std::string, std::size_t>;
  EXPECT_EQ(with("2014-05-20", {}), Found("PASSED", 0));
  EXPECT_EQ(with("2014-05-20", "2014-05-07"), Found("PASSED", 0));
  EXPECT_EQ(with("2014-05-20", "2014-05-06"), Found("PASSED", 1));
  EXPECT_EQ(with("2014-05-20", "2014-04-01"), Found("PASSED", 1));
  EXPECT_EQ(with("2014-05-06", "2014-04-01").first, "INDETERMINATE/REVOKED_NO_POE");
  EXPECT_EQ(with("2014-05-01", "2014-05-20").first, "INDETERMINATE/REVOKED_NO_POE");
}

TEST(Past, LetsNothingTakeARevocationBack) {
  for (const int reason : {1, 6}) {
    Story story;
    story.sign();
    story.add_crl(story.ca, "2014-05-20", "2014-06-07",
                  {pki::entry_of(*story.signer.certificate, at("2014-05-03"), reason)});
    story.add_crl(story.ca, "2014-05-21", "2014-06-07");
    const char* expected = reason == 1 ? "INDETERMINATE/REVOKED_NO_POE" : "PASSED";
    EXPECT_EQ(verdict(story.validate("2014-06-01")), expected);
    // The same with proofs alone, after the certificate's end.
    story.stamp_document(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-22");
    story.add_crl(story.tsa, "2016-05-20", "2016-06-07", {}, Origin::file);
    EXPECT_EQ(verdict(story.validate("2016-06-01")), expected);
  }
}

TEST(Past, BelievesNoDataFromBeforeTheCertificate) {
  Story story;
  story.sign();
  story.add_crl(story.ca, "2012-12-31", "2014-06-07");
  const ValidationResult result = story.validate("2014-06-01");
  EXPECT_EQ(verdict(result), "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  EXPECT_NE(reasons(result.signatures[0].conclusion).find("issued before the certificate"),
            std::string::npos);
}

// 5.3.4: a content time-stamp that only proofs keep alive makes no revocation final.
TEST(Past, WantsAContentTimeStampThatIsValidByItself) {
  for (const char* ends : {"2014-05-20", "2018-01-01"}) {
    Story story;
    story.sign();
    const pki::Party unit = story.tsu("Old TSU", "2013-01-01", ends);
    story.stamp_content(unit, "2014-04-01");
    story.add_crl(story.tsa, "2014-05-10", "2014-06-10");
    story.stamp_document(story.tsu("TSU", "2013-01-01", "2018-01-01"), "2014-05-11");
    story.add_crl(story.ca, "2014-05-31", "2014-06-07",
                  {pki::entry_of(*story.signer.certificate, at("2014-03-01"), 1)});
    const ValidationResult result = story.validate("2014-06-01");
    EXPECT_EQ(text(result.signatures[0].time_stamps[0].conclusion), "PASSED");
    EXPECT_EQ(verdict(result), std::string_view(ends) == "2018-01-01"
                                   ? "FAILED/REVOKED"
                                   : "INDETERMINATE/REVOKED_NO_POE");
  }
}

}  // namespace
}  // namespace signet::validation
