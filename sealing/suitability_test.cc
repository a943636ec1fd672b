#include "sealing/suitability.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "crypto/testing/test_key.h"
#include "keygen/testing/test_issuer.h"
#include "sealing/two_steps.h"

namespace signet::sealing {
namespace {

using crypto::Day;
using crypto::day_text;
using crypto::Hash;
using crypto::Scheme;
using std::chrono::days;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

constexpr cms::Algorithm kPkcs1{Scheme::rsa_pkcs1, Hash::sha256};
constexpr cms::Algorithm kPss{Scheme::rsa_pss, Hash::sha256};
constexpr cms::Algorithm kEcdsa{Scheme::ecdsa, Hash::sha256};
constexpr cms::Algorithm kEddsa{Scheme::eddsa, Hash::sha512};
constexpr Day kNow = std::chrono::year(2026) / 11 / 28;

class SuiteWarnings : public testing::Test {
 protected:
  keygen::Certificate certify(const Bytes& public_key) const {
    keygen::TestCertificate wish;
    wish.public_key = public_key;
    return issuer_.issue(wish);
  }
  Bytes rsa(unsigned bits) const { return certify(crypto::TestKey::rsa(bits).spki()).der(); }
  Bytes on(const char* curve) const {
    return certify(crypto::TestKey::on_curve(curve).spki()).der();
  }

  static std::vector<std::string> by(std::string_view suite, const cms::Algorithm& algorithm,
                                     const Bytes& certificate, Day now = kNow) {
    return suite_warnings(crypto::Suite::shipped(suite).value(), algorithm, certificate, now);
  }

  const keygen::TestIssuer issuer_{"root"};
};

// PSS with RSA of any size and SHA-256, with these validities and recommendations.
crypto::Suite suite_with(const std::string& signature, const std::string& hash) {
  return crypto::Suite::parse(
             fmt::format(
                 R"({{"SecuritySuitabilityPolicy":{{"PolicyName":{{"Name":"house"}},
      "Publisher":{{"Name":"we"}},"PolicyIssueDate":"2026-02-01T00:00:00Z","Algorithm":[
      {{"AlgorithmIdentifier":{{"Name":"a","ObjectIdentifier":"1.2.840.113549.1.1.10"}},"Evaluation":[{{{}}}]}},
      {{"AlgorithmIdentifier":{{"Name":"b","ObjectIdentifier":"2.16.840.1.101.3.4.2.1"}},"Evaluation":[{{{}}}]}}
    ]}}}})",
                 signature, hash))
      .value();
}

std::string validity(Day end, const char* recommendation = "R") {
  return fmt::format(R"("Validity":{{"End":"{}"}},"Recommendation":"{}")", day_text(end),
                     recommendation);
}

const std::string kNoEnd = R"("Validity":{})";

TEST_F(SuiteWarnings, AreNoneForWhatIsRecommended) {
  EXPECT_THAT(by("119312-2.1.1", kPkcs1, rsa(3072)), IsEmpty());  // legacy without an end
  EXPECT_THAT(by("119312-2.1.1", kPss, rsa(3072)), IsEmpty());
  EXPECT_THAT(by("119312-2.1.1", kEcdsa, on("P-256")), IsEmpty());
  EXPECT_THAT(by("119312-2.1.1", kEddsa, on("ED25519")), IsEmpty());
  EXPECT_THAT(by("119312-1.5.1", kPss, rsa(3072)), IsEmpty());
  EXPECT_THAT(by("119312-1.5.1", kEcdsa, on("P-384")), IsEmpty());
}

TEST_F(SuiteWarnings, NameSuiteAlgorithmAndDay) {
  const Bytes certificate = rsa(2048);
  EXPECT_THAT(by("119312-2.1.1", kPkcs1, certificate),
              ElementsAre(HasSubstr(
                  "by the suite 119312-2.1.1, RSA of 2048 bits is good until 2026-12-31 only")));
  EXPECT_EQ(by("119312-2.1.1", kPss, certificate), by("119312-2.1.1", kPkcs1, certificate));
  EXPECT_THAT(
      by("119312-1.5.1", kPkcs1, rsa(3072)),
      ElementsAre(HasSubstr("by the suite 119312-1.5.1, PKCS#1 v1.5 with RSA of 3072 bits and "
                            "SHA-256 is good until 2028-12-31 only")));
}

TEST_F(SuiteWarnings, ChangeWithTheDay) {
  const Bytes certificate = rsa(2048);
  const Day last = std::chrono::year(2026) / 12 / 31;
  EXPECT_THAT(by("119312-2.1.1", kPss, certificate, last),
              ElementsAre(HasSubstr("is good until 2026-12-31 only")));
  EXPECT_THAT(
      by("119312-2.1.1", kPss, certificate, last + days(1)),
      ElementsAre("by the suite 119312-2.1.1, RSA of 2048 bits was good until 2026-12-31 only"));
}

TEST_F(SuiteWarnings, SayThatAnAlgorithmIsNotListed) {
  EXPECT_THAT(by("119312-1.5.1", kEddsa, on("ED25519")),
              ElementsAre("Ed25519 is not in the suite 119312-1.5.1: who verifies by it does not "
                          "call the seal good"));
  EXPECT_THAT(by("119312-2.1.1", {Scheme::ecdsa, Hash::sha3_224}, on("P-256")),
              ElementsAre(HasSubstr("SHA3-224 is not in the suite")));
  EXPECT_THAT(by("119312-2.1.1", kPss, Bytes{1, 2, 3}),
              ElementsAre(HasSubstr("this kind of key is not in the suite")));
}

TEST_F(SuiteWarnings, CompareTheEndWithTheCertificates) {
  const keygen::Certificate certificate = certify(crypto::TestKey::rsa(2048).spki());
  const Day ends = std::chrono::floor<days>(certificate.not_after());
  const auto warnings = [&](const std::string& signature, const std::string& hash) {
    return suite_warnings(suite_with(signature, hash), kPss, certificate.der(), ends - days(10));
  };
  EXPECT_THAT(warnings(kNoEnd, kNoEnd), IsEmpty());
  EXPECT_THAT(warnings(validity(ends + days(1)), kNoEnd),
              IsEmpty());  // the last good day is `ends`
  EXPECT_THAT(warnings(validity(ends + days(2)), kNoEnd), IsEmpty());
  EXPECT_THAT(
      warnings(validity(ends), kNoEnd),
      ElementsAre(fmt::format("by the suite house, RSA of 2048 bits is good until {} only, and the "
                              "certificate is valid until {}",
                              day_text(ends - days(1)), day_text(ends))));
  // What is legacy and has an end: whatever the certificate.
  EXPECT_THAT(warnings(validity(ends + days(2), "L"), kNoEnd),
              ElementsAre(fmt::format("by the suite house, RSA of 2048 bits is good until {} only",
                                      day_text(ends + days(1)))));
}

TEST_F(SuiteWarnings, TellTheHashFromTheKey) {
  const keygen::Certificate certificate = certify(crypto::TestKey::rsa(2048).spki());
  const Day ends = std::chrono::floor<days>(certificate.not_after());
  const crypto::Suite suite = suite_with(kNoEnd, validity(ends));
  EXPECT_THAT(suite_warnings(suite, kPss, certificate.der(), ends - days(10)),
              testing::Contains(HasSubstr("by the suite house, SHA-256 is good until")));
}

TEST_F(SuiteWarnings, SayWhenSomethingIsNotGoodYet) {
  const auto warnings = suite_warnings(suite_with(R"("Validity":{"Start":"2027-03-01"})", kNoEnd),
                                       kPss, rsa(3072), kNow);
  EXPECT_THAT(warnings,
              ElementsAre("by the suite house, RSA of 3072 bits is good from 2027-03-01 only"));
}

TEST_F(SuiteWarnings, ComeWithAPreparedSeal) {
  const Bytes document{1, 2, 3};
  const Signatory signatory{rsa(2048)};
  SealWish wish;
  const Input input = Input::memory(document);
  EXPECT_THAT(prepare_cades(crypto::test_context(), signatory, input, wish).value().warnings,
              IsEmpty());  // nobody asked
  wish.suite =
      std::make_shared<const crypto::Suite>(crypto::Suite::shipped(crypto::kDefaultSuite).value());
  EXPECT_THAT(prepare_cades(crypto::test_context(), signatory, input, wish).value().warnings,
              ElementsAre(HasSubstr("RSA of 2048 bits")));
}

}  // namespace
}  // namespace signet::sealing
