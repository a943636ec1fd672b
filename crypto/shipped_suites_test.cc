// The suites in crypto/suites/, against what ETSI TS 119 312 says.
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <iterator>
#include <set>
#include <string>

#include "crypto/algorithm_table.h"
#include "crypto/mechanism.h"
#include "crypto/suite.h"
#include "crypto/suite_data.h"

namespace signet::crypto {
namespace {

using namespace std::chrono_literals;

Suite shipped(std::string_view name) {
  auto suite = Suite::shipped(name);
  EXPECT_TRUE(suite) << suite.error();
  return suite ? suite.value() : Suite();
}

KeyParameters rsa_of(unsigned bits) {
  return {KeyType::rsa, bits};
}

KeyParameters key_on(Curve curve) {
  return {row_of(curve).type, 0, curve};
}

std::string end_of(const Suitability& found) {
  if (!found.listed) return "not listed";
  return found.end ? day_text(*found.end) : "no end";
}

TEST(ShippedSuites, AreTheFilesThatAreInstalled) {
  for (const SuiteData& each : kSuiteData) {
    std::ifstream file(std::string(SIGNET_SOURCE_DIR "/crypto/suites/") + std::string(each.name) +
                       ".json");
    const std::string content((std::istreambuf_iterator<char>(file)), {});
    EXPECT_EQ(content, each.json) << each.name;
    EXPECT_EQ(shipped(each.name).name(), each.name);
  }
}

TEST(ShippedSuites, HaveTheDaysOfTheirStandards) {
  EXPECT_EQ(day_text(shipped("119312-1.5.1").issued()), "2024-10-13");
  EXPECT_EQ(day_text(shipped("119312-2.1.1").issued()), "2026-06-01");
}

struct SizeRow {
  unsigned bits;
  const char* pkcs1[2];  // the end by each suite
  const char* pss[2];
};

TEST(ShippedSuites, EndRsaAsTheStandardsDo) {
  const Suite suites[] = {shipped(kShippedSuites[0]), shipped(kShippedSuites[1])};
  for (const SizeRow& row : {
           SizeRow{768, {"not listed", "not listed"}, {"not listed", "not listed"}},
           SizeRow{786, {"2010-08-01", "2010-08-01"}, {"2010-08-01", "2010-08-01"}},
           SizeRow{1024, {"2019-10-01", "2019-10-01"}, {"2019-10-01", "2019-10-01"}},
           SizeRow{1536, {"2019-10-01", "2019-10-01"}, {"2019-10-01", "2019-10-01"}},
           SizeRow{1900, {"2029-01-01", "2027-01-01"}, {"2029-01-01", "2027-01-01"}},
           SizeRow{2048, {"2029-01-01", "2027-01-01"}, {"2029-01-01", "2027-01-01"}},
           SizeRow{2999, {"2029-01-01", "2027-01-01"}, {"2029-01-01", "2027-01-01"}},
           SizeRow{3000, {"2029-01-01", "no end"}, {"no end", "no end"}},
           SizeRow{4096, {"2029-01-01", "no end"}, {"no end", "no end"}},
       })
    for (std::size_t i = 0; i < 2; ++i) {
      const KeyParameters key = rsa_of(row.bits);
      EXPECT_EQ(end_of(suites[i].of_signature(Scheme::rsa_pkcs1, Hash::sha256, key)), row.pkcs1[i])
          << suites[i].name() << " " << row.bits;
      EXPECT_EQ(end_of(suites[i].of_signature(Scheme::rsa_pss, Hash::sha512, key)), row.pss[i])
          << suites[i].name() << " " << row.bits;
      EXPECT_EQ(end_of(suites[i].of_key(key)), row.pss[i]) << suites[i].name() << " " << row.bits;
    }
}

TEST(ShippedSuites, SayWhatIsLegacy) {
  const Suite suite = shipped("119312-2.1.1");
  EXPECT_TRUE(suite.of_key(rsa_of(2048)).legacy);
  EXPECT_FALSE(suite.of_key(rsa_of(3072)).legacy);
  EXPECT_TRUE(suite.of_signature(Scheme::rsa_pkcs1, Hash::sha256, rsa_of(3072)).legacy);
  EXPECT_FALSE(suite.of_signature(Scheme::rsa_pss, Hash::sha256, rsa_of(3072)).legacy);
  EXPECT_FALSE(suite.of_key(key_on(Curve::p256)).legacy);
}

// One day before, the last good day, and the day after it.
TEST(ShippedSuites, EndRsa2048AtTheEndOfADay) {
  const auto good = [](std::string_view suite, std::chrono::sys_time<std::chrono::seconds> time) {
    return shipped(suite).of_key(rsa_of(2048)).good_at(time);
  };
  using std::chrono::sys_days;
  constexpr sys_days of_new = std::chrono::year(2026) / 12 / 31;
  EXPECT_TRUE(good("119312-2.1.1", of_new - 24h));
  EXPECT_TRUE(good("119312-2.1.1", of_new + 24h - 1s));
  EXPECT_FALSE(good("119312-2.1.1", of_new + 24h));
  constexpr sys_days of_old = std::chrono::year(2028) / 12 / 31;
  EXPECT_TRUE(good("119312-1.5.1", of_old - 24h));
  EXPECT_TRUE(good("119312-1.5.1", of_old + 24h - 1s));
  EXPECT_FALSE(good("119312-1.5.1", of_old + 24h));
}

TEST(ShippedSuites, EndHashesAsTheStandardsDo) {
  for (const std::string_view name : kShippedSuites) {
    const Suite suite = shipped(name);
    EXPECT_EQ(end_of(suite.of_hash(Hash::sha1)), "2012-08-01");
    EXPECT_EQ(end_of(suite.of_hash(Hash::sha3_224)), "not listed");
    for (const Hash hash :
         {Hash::sha256, Hash::sha384, Hash::sha512, Hash::sha3_256, Hash::sha3_384, Hash::sha3_512})
      EXPECT_EQ(end_of(suite.of_hash(hash)), "no end") << hash_name(hash);
  }
  EXPECT_EQ(end_of(shipped("119312-1.5.1").of_hash(Hash::sha224)), "2029-01-01");
  EXPECT_EQ(end_of(shipped("119312-2.1.1").of_hash(Hash::sha224)), "2026-01-01");
}

// Each way to sign that there is has an entry in each suite, but for those that are named here.
TEST(ShippedSuites, KnowWhatSignsHere) {
  for (const std::string_view name : kShippedSuites) {
    const Suite suite = shipped(name);
    std::set<std::string> absent;
    for (const Mechanism& mechanism : mechanisms()) {
      if (!mechanism.scheme || mechanism.scheme == Scheme::rsa_raw) continue;
      const bool whole = mechanism.hash != Hash::none || mechanism.scheme == Scheme::eddsa;
      if (!whole) continue;  // the caller brings the hash
      for (const CurveRow& curve : kCurves) {
        const KeyParameters key =
            mechanism.key_type == KeyType::rsa ? rsa_of(3072) : key_on(curve.curve);
        if (key.type != mechanism.key_type) continue;
        if (!suite.of_signature(*mechanism.scheme, mechanism.hash, key).listed)
          absent.insert(std::string(mechanism.name));
      }
    }
    std::set<std::string> expected;
    if (name == "119312-1.5.1") expected.insert("CKM_EDDSA");
    EXPECT_EQ(absent, expected) << name;
  }
}

TEST(ShippedSuites, KnowTheKeysThatAreMadeHere) {
  for (const CurveRow& curve : kCurves) {
    EXPECT_EQ(end_of(shipped("119312-2.1.1").of_key(key_on(curve.curve))), "no end") << curve.name;
    EXPECT_EQ(end_of(shipped("119312-1.5.1").of_key(key_on(curve.curve))),
              curve.curve == Curve::ed25519 ? "not listed" : "no end")
        << curve.name;
  }
  EXPECT_EQ(end_of(shipped("119312-2.1.1")
                       .of_signature(Scheme::eddsa, Hash::sha512, key_on(Curve::ed25519))),
            "no end");  // as CMS has it (RFC 8419)
}

}  // namespace
}  // namespace signet::crypto
