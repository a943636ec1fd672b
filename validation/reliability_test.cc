#include "validation/reliability.h"

#include <gtest/gtest.h>

#include "crypto/algorithm_table.h"
#include "crypto/der.h"
#include "crypto/spki.h"
#include "validation/testing/test_pki.h"

namespace signet::validation {
namespace {

using crypto::Hash;
using pki::at;
using pki::KeyKind;
using pki::SignatureWish;

Policy policy_by(std::string_view suite, std::string_view other) {
  Policy policy;
  policy.suite = std::make_shared<crypto::Suite>(crypto::Suite::shipped(suite).value());
  if (!other.empty())
    policy.other = std::make_shared<crypto::Suite>(crypto::Suite::shipped(other).value());
  return policy;
}

const Policy& verifying() {
  static const Policy policy = policy_by("119312-1.5.1", "119312-2.1.1");
  return policy;
}

Reliability of(KeyKind kind, const SignatureWish& wish = {}, const Policy& policy = verifying()) {
  const pki::Key& key = pki::key(kind, "signer");
  return reliability_of_signature(policy, pki::signature_algorithm(key, wish), Hash::none,
                                  key.public_key);
}

std::vector<std::string> sentences(const Reliability& reliability) {
  std::vector<std::string> texts;
  for (const Statement& warning : reliability.warnings)
    texts.push_back(text_of(warning, Language::english));
  return texts;
}

TEST(Reliability, HasNoEndWhereTheSuiteForeseesNone) {
  const Reliability found = of(KeyKind::p256);
  EXPECT_EQ(found.algorithm, "ECDSA P-256 with SHA-256");
  EXPECT_EQ(found.end, std::nullopt);
  EXPECT_EQ(found.foreseen_end, std::nullopt);
  EXPECT_TRUE(found.warnings.empty());
  EXPECT_TRUE(found.good_at(at("2199-01-01")));
}

TEST(Reliability, EndsWithTheKeyOrTheHashWhicheverIsFirst) {
  Reliability found = of(KeyKind::rsa2048, {.hash = Hash::sha1});
  EXPECT_EQ(found.algorithm, "RSA-2048 with SHA-1");
  EXPECT_EQ(found.end, at("2012-08-01"));
  EXPECT_TRUE(found.good_at(at("2012-07-31T23:59:59Z")));
  EXPECT_FALSE(found.good_at(at("2012-08-01")));
  found = of(KeyKind::rsa1024);
  EXPECT_EQ(found.algorithm, "RSA-1024 with SHA-256");
  EXPECT_EQ(found.end, at("2019-10-01"));
  EXPECT_EQ(found.foreseen_end, at("2019-09-30T23:59:59Z"));
}

// What ends after the suite's own date (2024-10-13) only warns.
TEST(Reliability, WarnsOfAnEndThatIsForeseen) {
  const Reliability found = of(KeyKind::rsa2048);
  EXPECT_EQ(found.end, std::nullopt);
  EXPECT_EQ(found.foreseen_end, at("2028-12-31T23:59:59Z"));
  ASSERT_EQ(found.warnings.size(), 1U);
  EXPECT_NE(sentences(found)[0].find("RSA-2048 is foreseen to be good enough no longer than "
                                     "2028-12-31T23:59:59Z"),
            std::string::npos);
}

TEST(Reliability, JudgesEachPartOfPss) {
  Reliability found = of(KeyKind::rsa3072, {.pss = true});
  EXPECT_EQ(found.algorithm, "RSA-3072 (PSS) with SHA-256");
  EXPECT_EQ(found.end, std::nullopt);
  found = of(KeyKind::rsa3072, {.pss = true, .mgf_hash = Hash::sha1});
  EXPECT_EQ(found.algorithm, "RSA-3072 (PSS) with SHA-256, MGF1 with SHA-1");
  EXPECT_EQ(found.end, at("2012-08-01"));
}

TEST(Reliability, WarnsOfWhatOnlyTheOtherSuiteLists) {
  Reliability found = of(KeyKind::ed25519);
  EXPECT_EQ(found.algorithm, "Ed25519");
  EXPECT_EQ(found.end, std::nullopt);
  ASSERT_EQ(found.warnings.size(), 1U);
  EXPECT_NE(sentences(found)[0].find("Ed25519 is not listed in the suite"), std::string::npos);
  // Without the other one it never was good.
  const Policy alone = policy_by("119312-1.5.1", "");
  found = of(KeyKind::ed25519, {}, alone);
  EXPECT_EQ(found.end, Time::min());
  EXPECT_FALSE(found.good_at(at("1990-01-01")));
  // An end of the other suite before its own date stays an end.
  const Policy reverse = policy_by("119312-2.1.1", "119312-1.5.1");
  EXPECT_EQ(reliability_of_hash(reverse, Hash::none, "1.2.840.113549.2.5").end, at("2004-08-01"));
}

TEST(Reliability, KnowsDsaAndBrainpool) {
  Reliability found = of(KeyKind::dsa1024, {.hash = Hash::sha1});
  EXPECT_EQ(found.algorithm, "DSA-1024 with SHA-1");
  EXPECT_EQ(found.end, at("2012-08-01"));
  EXPECT_EQ(of(KeyKind::dsa1024, {.hash = Hash::sha256}).end, at("2015-12-01"));
  EXPECT_EQ(of(KeyKind::dsa2048).foreseen_end, at("2028-12-31T23:59:59Z"));
  found = of(KeyKind::brainpool256);
  EXPECT_EQ(found.algorithm, "ECDSA brainpoolP256r1 with SHA-256");
  EXPECT_EQ(found.end, std::nullopt);
}

// Lattices cannot be computed here, and the suite speaks of them.
TEST(Reliability, NamesWhatCannotBeComputed) {
  const Bytes algorithm = der::encode_sequence({pki::oid("2.16.840.1.101.3.4.3.18")});
  const Bytes key = spki::encode(pki::oid("2.16.840.1.101.3.4.3.18"), Bytes(1952, 1));
  const Reliability found = reliability_of_signature(verifying(), algorithm, Hash::sha512, key);
  EXPECT_EQ(found.algorithm, "ML-DSA-65");
  EXPECT_EQ(found.end, std::nullopt);
  EXPECT_EQ(found.warnings.size(), 1U);
}

TEST(Reliability, TakesSizesAsMinima) {
  const auto rsa = [](unsigned bits) {
    Bytes modulus(bits / 8 + 1, 0xFF);
    modulus[0] = static_cast<std::uint8_t>((1U << (bits % 8)) - 1);
    const Bytes exponent = {1, 0, 1};
    const Bytes algorithm = pki::signature_algorithm(pki::key(KeyKind::rsa2048, "signer"));
    return reliability_of_signature(verifying(), algorithm, Hash::none,
                                    spki::of_rsa(modulus, exponent));
  };
  EXPECT_EQ(rsa(512).end, Time::min());
  EXPECT_EQ(rsa(786).end, at("2010-08-01"));
  EXPECT_EQ(rsa(1899).end, at("2019-10-01"));
  EXPECT_EQ(rsa(1900).end, std::nullopt);
  EXPECT_EQ(rsa(2047).algorithm, "RSA-2047 with SHA-256");
}

TEST(Reliability, IsNeverGoodWhereNothingListsIt) {
  const pki::Key& key = pki::key(KeyKind::rsa2048, "signer");
  EXPECT_EQ(reliability_of_signature(verifying(), {}, Hash::none, key.public_key).end, Time::min());
  EXPECT_EQ(reliability_of_hash(verifying(), Hash::none, "1.3.6.1.4.1.32473.5").algorithm,
            "1.3.6.1.4.1.32473.5");
  EXPECT_EQ(reliability_of_hash(verifying(), Hash::none, "1.3.6.1.4.1.32473.5").end, Time::min());
  EXPECT_EQ(reliability_of_hash(Policy{}, Hash::sha256, "").end, Time::min());
}

TEST(Reliability, OfHashesIsTheSuites) {
  EXPECT_EQ(reliability_of_hash(verifying(), Hash::sha1, "").end, at("2012-08-01"));
  EXPECT_EQ(reliability_of_hash(verifying(), Hash::sha256, "").end, std::nullopt);
  const Reliability md5 = reliability_of_hash(verifying(), Hash::none, "1.2.840.113549.2.5");
  EXPECT_EQ(md5.algorithm, "MD5");
  EXPECT_EQ(md5.end, at("2004-08-01"));
  EXPECT_EQ(of(KeyKind::rsa1024, {.md5 = true}).algorithm, "RSA-1024 with MD5");
}

// A day that the clock cannot hold is no early one.
TEST(Reliability, EndsLateWhereTheSuiteSaysSo) {
  Policy policy;
  policy.suite =
      std::make_shared<crypto::Suite>(crypto::Suite::parse(R"({"SecuritySuitabilityPolicy": {
        "PolicyName": {"Name": "late"}, "Publisher": {"Name": "nobody"},
        "PolicyIssueDate": "2024-01-01T00:00:00Z", "Algorithm": [
          {"AlgorithmIdentifier": {"Name": "SHA256", "ObjectIdentifier": "2.16.840.1.101.3.4.2.1"},
           "Evaluation": [{"Validity": {"End": "9999-01-01"}, "Recommendation": "R"}]}]}})")
                                          .value());
  const Reliability found = reliability_of_hash(policy, Hash::sha256, "");
  EXPECT_EQ(found.end, std::nullopt);
  EXPECT_GT(found.foreseen_end, at("2200-01-01"));
}

// rsaEncryption: the hash is the message's.
TEST(Reliability, TakesTheMessagesHashWhereTheAlgorithmNamesNone) {
  const pki::Key& key = pki::key(KeyKind::rsa2048, "signer");
  const Bytes algorithm =
      der::encode_sequence({pki::oid("1.2.840.113549.1.1.1"), der::encode(der::kNull, {})});
  const Reliability found =
      reliability_of_signature(verifying(), algorithm, Hash::sha1, key.public_key);
  EXPECT_EQ(found.algorithm, "RSA-2048 with SHA-1");
  EXPECT_EQ(found.end, at("2012-08-01"));
}

}  // namespace
}  // namespace signet::validation
