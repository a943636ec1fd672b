#include "keygen/successor_type.h"

#include <gtest/gtest.h>

namespace signet::keygen {
namespace {

using pkcs11::KeyType;
using std::chrono::days;

constexpr crypto::Day kLast = std::chrono::year(2026) / 12 / 31;  // of RSA-2048 by 119312-2.1.1
constexpr crypto::Day kNow = kLast - days(33);

crypto::Suite suite_named(std::string_view name) {
  return crypto::Suite::shipped(name).value();
}

std::string successor_of(const char* type, std::string_view suite = "119312-2.1.1",
                         crypto::Day until = kNow + days(365)) {
  return successor_type(KeyType::parse(type).value(), suite_named(suite), kNow, until).text();
}

std::string against(const char* type, crypto::Day now, crypto::Day until,
                    std::string_view suite = "119312-2.1.1") {
  return against_key_type(KeyType::parse(type).value(), suite_named(suite), now, until);
}

TEST(SuccessorType, StaysWhatItWasWhereThatIsGood) {
  for (const char* type : {"rsa:3072", "rsa:4096", "ec:P-256", "ec:P-521", "Ed25519"})
    EXPECT_EQ(successor_of(type), type);
  EXPECT_EQ(successor_of("rsa:2048", "119312-1.5.1"), "rsa:2048");
  EXPECT_EQ(successor_of("rsa:2048", "119312-2.1.1", kLast), "rsa:2048");
}

TEST(SuccessorType, IsTheShortestThatIsGoodForTheCertificatesLife) {
  EXPECT_EQ(successor_of("rsa:2048"), "rsa:3072");
  EXPECT_EQ(successor_of("rsa:2999"), "rsa:3072");
  EXPECT_EQ(successor_of("rsa:2048", "119312-2.1.1", kLast + days(1)), "rsa:3072");
  EXPECT_EQ(successor_of("rsa:2048", "119312-1.5.1", kNow + days(1000)), "rsa:3072");
}

TEST(SuccessorType, StaysWhereTheSuiteKnowsNothingBetter) {
  EXPECT_EQ(successor_of("Ed25519", "119312-1.5.1"), "Ed25519");
  const auto empty = crypto::Suite::parse(
      R"({"SecuritySuitabilityPolicy":{"PolicyName":{"Name":"x"},"Publisher":{"Name":"y"},
          "PolicyIssueDate":"2026-01-01T00:00:00Z","Algorithm":[{"AlgorithmIdentifier":{"Name":"a",
          "ObjectIdentifier":"1.2"},"Evaluation":[{"Validity":{}}]}]}})");
  EXPECT_EQ(successor_type(KeyType::parse("rsa:2048").value(), empty.value(), kNow, kNow).text(),
            "rsa:2048");
}

TEST(SuccessorType, SaysWhatSpeaksAgainstAKind) {
  EXPECT_EQ(against("rsa:3072", kNow, kLast + days(3650)), "");
  EXPECT_EQ(against("rsa:2048", kNow, kLast), "");
  const std::string until =
      "by the suite 119312-2.1.1, rsa:2048 keys are good until 2026-12-31 only";
  EXPECT_EQ(against("rsa:2048", kNow, kLast + days(1)), until);
  EXPECT_EQ(against("rsa:2048", kLast + days(1), kLast + days(1)), until);
  EXPECT_EQ(against("Ed25519", kNow, kLast, "119312-1.5.1"),
            "Ed25519 keys are not in the suite 119312-1.5.1");
}

}  // namespace
}  // namespace signet::keygen
