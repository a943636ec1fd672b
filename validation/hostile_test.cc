// Documents that are made to cost much: each is judged with a bounded number of signatures, and the report says what was left out.
#include <gtest/gtest.h>

#include <chrono>
#include <thread>

#include "validation/signature_check.h"
#include "validation/testing/test_story.h"

namespace signet::validation {
namespace {

using pki::at;
using pki::reasons;
using pki::Story;
using pki::text;

constexpr const char* kNow = "2014-06-01";

// How many signatures this thread has computed since then.
class Checks {
 public:
  std::size_t count() const { return signature_checks() - before_; }

 private:
  const std::size_t before_ = signature_checks();
};

// Authorities of one name and many keys, and as many CRLs of that name.
TEST(Hostile, TriesNoMoreThanSomeSignersForRevocationData) {
  Story story;
  story.sign();
  for (int i = 0; i < 100; ++i) {
    pki::CertificateWish wish = pki::authority("CA");
    wish.key_name = "CA " + std::to_string(i % 3 + 1);
    const pki::Party twin = pki::root(wish);
    story.add_certificate(twin);
    pki::CrlWish crl;
    crl.this_update = at("2014-05-01") + std::chrono::seconds(i);
    crl.next_update = at("2014-07-01");
    story.add_crl(twin, crl);
  }
  const Checks checks;
  EXPECT_EQ(text(story.validate_with_fresh(kNow).signatures[0].conclusion), "PASSED");
  EXPECT_LE(checks.count(), 1000U);  // of 10,000 pairs
}

TEST(Hostile, JudgesManySignaturesAndTimeStamps) {
  Story story;
  story.sign();
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_signature(unit, "2014-05-06");
  story.add_crl(story.ca, "2014-05-30", "2014-06-07");
  story.parts.signatures.resize(300, story.parts.signatures[0]);
  for (int i = 0; i < 30; ++i) story.stamp_document(unit, "2014-05-07");
  const Checks checks;
  const ValidationResult result = story.validate_with_fresh(kNow);
  EXPECT_EQ(text(result.signatures.back().conclusion), "PASSED");
  EXPECT_LE(checks.count(), 700U);  // two for each signature, one for each time-stamp
}

// Tokens that name each other as covered, which digests do not allow.
TEST(Hostile, CutsCyclesOfTimeStamps) {
  Story story;
  story.sign();
  const pki::Party unit = story.tsu("TSU", "2013-01-01", "2030-01-01");
  story.stamp_document(unit, "2014-05-06");
  story.stamp_document(unit, "2014-05-07");
  auto& stamps = story.parts.document_time_stamps;
  stamps[0].covered.insert(stamps[1].id);
  stamps[0].covered.insert(stamps[0].id);
  const Checks checks;
  const ValidationResult result = story.validate_with_fresh(kNow);
  EXPECT_EQ(text(result.document_time_stamps[0].conclusion), "PASSED");
  EXPECT_EQ(text(result.signatures[0].conclusion), "INDETERMINATE/TIMESTAMP_ORDER_FAILURE");
  EXPECT_LE(checks.count(), 10U);
}

// Responders that vouch for each other in a circle.
TEST(Hostile, LetsNoResponderVouchForItself) {
  Story story;
  story.sign();
  pki::CertificateWish wish = pki::responder("Responder");
  wish.extensions = {pki::key_usage({0}), pki::extended_key_usage({pki::kOcspSigning}, false)};
  const pki::Party one = pki::issue(story.ca, wish);
  wish.name = "Other responder";
  const pki::Party other = pki::issue(story.ca, wish);
  const auto answer = [&](const pki::Party& by, const pki::Party& about) {
    pki::OcspWish ocsp;
    ocsp.answers = {pki::good(about, story.ca, at("2014-05-31"), at("2014-06-02"))};
    story.add_ocsp(by, ocsp);
  };
  answer(one, story.signer);
  answer(other, one);
  answer(one, other);
  answer(one, one);
  const Checks checks;
  EXPECT_EQ(text(story.validate(kNow).signatures[0].conclusion),
            "INDETERMINATE/CERTIFICATE_CHAIN_GENERAL_FAILURE");
  EXPECT_LE(checks.count(), 20U);
}

TEST(Hostile, ShowsNoControlCharactersOfACertificate) {
  Story story;
  pki::CertificateWish wish = pki::signer("Evil\x1b[2J");
  wish.not_after = at("2013-01-01");
  story.signer = pki::issue(story.ca, wish);
  story.sign();
  story.add_crl(story.ca, "2012-12-30", "2013-01-07");
  const ValidationResult result = story.validate_with_fresh(kNow);
  EXPECT_FALSE(result.signatures[0].conclusion.passed());
  EXPECT_EQ(reasons(result.signatures[0].conclusion).find('\x1b'), std::string::npos);
}

// The parts are read only: any number of threads may validate one document.
TEST(Hostile, ValidatesInSeveralThreads) {
  Story story;
  story.sign();
  story.stamp_signature(story.tsu("TSU", "2013-01-01", "2030-01-01"), "2014-05-06");
  story.validate_with_fresh(kNow);
  std::vector<std::string> found(4);
  std::vector<std::thread> threads;
  for (std::string& one : found)
    threads.emplace_back([&] {
      for (int i = 0; i < 20; ++i)
        one = text(validation::validate(story.parts, story.policy).signatures[0].conclusion);
    });
  for (std::thread& thread : threads) thread.join();
  for (const std::string& one : found) EXPECT_EQ(one, "PASSED");
}

}  // namespace
}  // namespace signet::validation
