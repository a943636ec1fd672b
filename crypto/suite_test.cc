#include "crypto/suite.h"

#include <gtest/gtest.h>

#include <chrono>
#include <string>

#include "common/testing/scratch_folder.h"

namespace signet::crypto {
namespace {

using namespace std::chrono_literals;

// A suite with these algorithms.
std::string suite_text(const std::string& algorithms) {
  return R"({"SecuritySuitabilityPolicy":{"PolicyName":{"Name":"house","ObjectIdentifier":"7"},
    "Publisher":{"Name":"we"},"PolicyIssueDate":"2026-02-01T00:00:00.000+01:00","Algorithm":[)" +
         algorithms + "]}}";
}

std::string algorithm(const std::string& oid, const std::string& evaluations) {
  return R"({"AlgorithmIdentifier":{"Name":"x","ObjectIdentifier":")" + oid +
         R"("},"Evaluation":[)" + evaluations + "]}";
}

const std::string kSha256 = algorithm("2.16.840.1.101.3.4.2.1", R"({"Validity":{}})");

Suite suite_of(const std::string& algorithms) {
  auto suite = Suite::parse(suite_text(algorithms));
  EXPECT_TRUE(suite) << suite.error();
  return suite ? suite.value() : Suite();
}

std::string fault_of(const std::string& text) {
  const auto suite = Suite::parse(text);
  return suite ? "" : suite.error();
}

KeyParameters rsa(unsigned bits) {
  return {KeyType::rsa, bits};
}

constexpr KeyParameters kP256 = {KeyType::ec, 0, Curve::p256};

Day day(int year, unsigned month, unsigned of_month) {
  return Day(std::chrono::year(year) / std::chrono::month(month) / std::chrono::day(of_month));
}

TEST(Suite, HasItsNameAndItsDay) {
  const Suite suite = suite_of(kSha256);
  EXPECT_EQ(suite.name(), "house 7");
  EXPECT_EQ(day_text(suite.issued()), "2026-02-01");
}

TEST(Suite, IsGoodFromItsStartToTheDayBeforeItsEnd) {
  const Suitability hash =
      suite_of(algorithm("2.16.840.1.101.3.4.2.1",
                         R"({"Validity":{"Start":"2020-03-01","End":"2029-01-01"}})"))
          .of_hash(Hash::sha256);
  EXPECT_FALSE(hash.good_at(day(2020, 3, 1) - 1ns));
  EXPECT_TRUE(hash.good_at(day(2020, 3, 1)));
  EXPECT_TRUE(hash.good_at(day(2028, 12, 31) + 24h - 1ns));
  EXPECT_FALSE(hash.good_at(day(2029, 1, 1)));
  EXPECT_FALSE(hash.good_at(day(2029, 1, 2)));
  EXPECT_EQ(day_text(*hash.last_good_day()), "2028-12-31");
}

TEST(Suite, CallsNothingGoodThatItDoesNotList) {
  const Suite suite = suite_of(kSha256);
  EXPECT_FALSE(suite.of_hash(Hash::sha512).good_at(day(2026, 3, 1)));
  EXPECT_FALSE(suite.of_hash(Hash::none).listed);
  EXPECT_FALSE(suite.of_signature(Scheme::rsa_pss, Hash::sha256, rsa(4096)).listed);
  EXPECT_FALSE(suite.of_signature(Scheme::rsa_raw, Hash::sha256, rsa(4096)).listed);
  EXPECT_FALSE(suite.of_key(rsa(4096)).listed);
  EXPECT_FALSE(suite.of_key(rsa(4096)).last_good_day());
}

TEST(Suite, TakesTheLargestMinimumThatIsNotAboveTheKeysSize) {
  const Suite suite = suite_of(
      kSha256 + "," +
      algorithm(
          "1.2.840.113549.1.1.11",
          R"({"Validity":{},"Recommendation":"R","Parameter":[{"Min":3000,"name":"moduluslength"}]},
             {"Validity":{"End":"2027-01-01"},"Recommendation":"L","Parameter":[{"Min":1900,"name":"moduluslength"}]},
             {"Validity":{"End":"2010-08-01"},"Parameter":[{"Min":786,"Max":1899,"name":"moduluslength"}]})"));
  const auto of_size = [&](unsigned bits) {
    return suite.of_signature(Scheme::rsa_pkcs1, Hash::sha256, rsa(bits));
  };
  EXPECT_FALSE(of_size(785).listed);
  EXPECT_EQ(day_text(*of_size(786).end), "2010-08-01");
  EXPECT_EQ(day_text(*of_size(1899).end), "2010-08-01");
  EXPECT_EQ(day_text(*of_size(2999).end), "2027-01-01");
  EXPECT_TRUE(of_size(2999).legacy);
  EXPECT_FALSE(of_size(3000).end);
  EXPECT_FALSE(of_size(3000).legacy);
}

TEST(Suite, TakesTheLastEndWhereTwoEvaluationsAreForOneSize) {
  const Suitability hash =
      suite_of(algorithm("2.16.840.1.101.3.4.2.1",
                         R"({"Validity":{"End":"2027-01-01"}},{"Validity":{"End":"2030-01-01"}},
                            {"Validity":{"End":"2028-01-01"}})"))
          .of_hash(Hash::sha256);
  EXPECT_EQ(day_text(*hash.end), "2030-01-01");
}

TEST(Suite, EndsASignatureWithItsHash) {
  const Suite suite =
      suite_of(algorithm("2.16.840.1.101.3.4.2.1", R"({"Validity":{"End":"2027-01-01"}})") + "," +
               algorithm("1.2.840.113549.1.1.10", R"({"Validity":{"Start":"2020-01-01"}})"));
  const Suitability signature = suite.of_signature(Scheme::rsa_pss, Hash::sha256, rsa(3072));
  EXPECT_EQ(day_text(*signature.start), "2020-01-01");
  EXPECT_EQ(day_text(*signature.end), "2027-01-01");
  EXPECT_FALSE(suite.of_signature(Scheme::rsa_pss, Hash::sha384, rsa(3072)).listed);
}

TEST(Suite, LimitsEcdsaByLengthOrByCurve) {
  const std::string ecdsa = "1.2.840.10045.4.3.2";
  const std::string with_length = algorithm(
      ecdsa,
      R"({"Validity":{},"Parameter":[{"Min":256,"name":"plength"},{"Min":256,"name":"qlength"}]})");
  const std::string without = algorithm(ecdsa, R"({"Validity":{}})");
  const std::string curve =
      algorithm("1.2.840.10045.3.1.7", R"({"Validity":{"End":"2030-01-01"}})");
  const auto p256 = [](const std::string& algorithms) {
    return suite_of(kSha256 + "," + algorithms).of_signature(Scheme::ecdsa, Hash::sha256, kP256);
  };
  EXPECT_TRUE(p256(with_length).listed);
  EXPECT_FALSE(p256(without).listed);  // it says nothing of the curve
  EXPECT_EQ(day_text(*p256(without + "," + curve).end), "2030-01-01");
  EXPECT_EQ(day_text(*p256(with_length + "," + curve).end), "2030-01-01");
}

TEST(Suite, LooksAtTheKindOfKey) {
  const auto suite = Suite::shipped(kDefaultSuite);
  EXPECT_FALSE(suite.value().of_signature(Scheme::rsa_pss, Hash::sha256, kP256).listed);
  EXPECT_FALSE(suite.value().of_signature(Scheme::rsa_pkcs1, Hash::sha256, kP256).listed);
  EXPECT_FALSE(suite.value().of_signature(Scheme::ecdsa, Hash::sha256, rsa(3072)).listed);
  EXPECT_FALSE(suite.value().of_signature(Scheme::eddsa, Hash::none, rsa(3072)).listed);
}

TEST(Suite, CountsNoEvaluationThatItCannotJudge) {
  for (const char* evaluation :
       {R"({"Validity":{},"AlgorithmUsage":"http://uri.etsi.org/19322/sign_ocsp"})",
        R"({"Validity":{},"Parameter":[{"Min":1,"name":"height"}]})"})
    EXPECT_FALSE(
        suite_of(algorithm("2.16.840.1.101.3.4.2.1", evaluation)).of_hash(Hash::sha256).listed)
        << evaluation;
}

TEST(Suite, ReadsTheIdentifierOfSha384AsEtsiPublishedIt) {
  const std::string published =
      R"({"AlgorithmIdentifier":{"Name":"SHA384","ObjectIdentifier":"2.16.840.1.101.3.4.2"},
          "Evaluation":[{"Validity":{}}]})";
  EXPECT_TRUE(suite_of(published).of_hash(Hash::sha384).listed);
}

TEST(Suite, SkipsMembersThatItDoesNotKnow) {
  const Suite suite = suite_of(
      R"({"AlgorithmIdentifier":{"Name":"x","ObjectIdentifier":"2.16.840.1.101.3.4.2.1","URI":"u"},
          "Evaluation":[{"Validity":{},"Any":{"a":[1,{}]}}],"Information":{"Text":["t"]}})");
  EXPECT_TRUE(suite.of_hash(Hash::sha256).listed);
}

TEST(Suite, SaysWhereAFileIsWrong) {
  const auto with_evaluation = [](const std::string& evaluation) {
    return fault_of(suite_text(kSha256 + "," + algorithm("1.2", evaluation)));
  };
  const std::string here = "SecuritySuitabilityPolicy.Algorithm[1].Evaluation[0]";
  EXPECT_EQ(with_evaluation("{}"), here + ".Validity is missing");
  EXPECT_EQ(with_evaluation("7"), here + " is no object");
  EXPECT_EQ(with_evaluation(R"({"Validity":[]})"), here + ".Validity is no object");
  for (const char* date : {"2026-02-29", "2026-13-01", "26-01-01", "2026-01-01Z", "tomorrow"})
    EXPECT_EQ(with_evaluation(R"({"Validity":{"End":")" + std::string(date) + "\"}}"),
              here + ".Validity.End is no date")
        << date;
  EXPECT_EQ(with_evaluation(R"({"Validity":{"Start":5}})"),
            here + ".Validity.Start is no text of 1 to 200 bytes");
  EXPECT_EQ(with_evaluation(R"({"Validity":{},"Recommendation":"X"})"),
            here + ".Recommendation is neither R nor L");
  EXPECT_EQ(with_evaluation(R"({"Validity":{},"Parameter":{}})"), here + ".Parameter is no list");
  EXPECT_EQ(with_evaluation(R"({"Validity":{},"Parameter":[{"Min":1}]})"),
            here + ".Parameter[0].name is missing");
  for (const char* number : {"-1", "1.5", "\"1\"", "18446744073709551615"})
    EXPECT_EQ(with_evaluation(R"({"Validity":{},"Parameter":[{"name":"plength","Min":)" +
                              std::string(number) + "}]}"),
              here + ".Parameter[0].Min is no whole number")
        << number;
  EXPECT_EQ(fault_of(suite_text(algorithm("x", R"({"Validity":{}})"))),
            "SecuritySuitabilityPolicy.Algorithm[0].AlgorithmIdentifier.ObjectIdentifier is no "
            "object identifier");
  EXPECT_EQ(fault_of(suite_text("")),
            "SecuritySuitabilityPolicy.Algorithm is no list, or an empty one");
  EXPECT_EQ(fault_of(suite_text(algorithm("1.2", ""))),
            "SecuritySuitabilityPolicy.Algorithm[0].Evaluation is no list, or an empty one");
  EXPECT_EQ(fault_of("[]"), "the file is no object");
  EXPECT_EQ(fault_of("{}"), "SecuritySuitabilityPolicy is missing");
  EXPECT_EQ(fault_of(R"({"SecuritySuitabilityPolicy":{}})"),
            "SecuritySuitabilityPolicy.PolicyName is missing");
}

std::string replaced(std::string text, const std::string& what, const std::string& by) {
  text.replace(text.find(what), what.size(), by);
  return text;
}

TEST(Suite, WantsWhatTheStandardsSchemaWants) {
  const std::string good = suite_text(kSha256);
  ASSERT_EQ(fault_of(good), "");
  for (const char* member :
       {"PolicyName", "Publisher", "PolicyIssueDate", "Algorithm\"", "AlgorithmIdentifier", "Name",
        "\"ObjectIdentifier\":\"2", "Evaluation", "Validity"}) {
    std::string other = member;
    other.back() = '_';
    if (other[0] == '"') other = "\"ObjectIdentifieR\":\"2";
    if (std::string(member).ends_with('"')) other = "algorithm\"";
    EXPECT_NE(fault_of(replaced(good, member, other)), "") << member;
  }
  for (const char* time : {"2026-02-01", "2026-02-30T00:00:00Z", "2026-02-01Tx", "soon"})
    EXPECT_EQ(fault_of(replaced(good, "2026-02-01T00:00:00.000+01:00", time)),
              "SecuritySuitabilityPolicy.PolicyIssueDate is no date and time")
        << time;
}

TEST(Suite, RefusesWhatIsNoJsonOrTooMuchOfIt) {
  EXPECT_EQ(fault_of(""), "this is not JSON");
  EXPECT_EQ(fault_of("{\"a\":1,\"a\":2}"), "an object has two members of one name");
  EXPECT_EQ(fault_of(std::string(100, '[')), "this is nested too deeply for a suite");
  EXPECT_EQ(fault_of(std::string(kLargestSuite + 1, ' ')), "this is too large for a suite");
  std::string many = "[0";
  for (int i = 0; i < 60'000; ++i) many += ",0";
  EXPECT_EQ(fault_of(many + "]"), "this is too large for a suite");
  std::string members = "{\"a\":0";
  for (int i = 0; i < 200; ++i) members += ",\"" + std::to_string(i) + "\":0";
  EXPECT_EQ(fault_of(members + "}"), "this is too large for a suite");
}

TEST(Suite, HasAPrintableName) {
  const auto hostile = Suite::parse(replaced(suite_text(kSha256), "house", "a\\u001b[2Jb"));
  ASSERT_TRUE(hostile);
  EXPECT_EQ(hostile.value().name().find('\x1b'), std::string::npos);
}

TEST(Suite, IsFoundByNameOrPath) {
  const ScratchFolder folder;
  const std::string file = folder.write("house.json", suite_text(kSha256)).string();
  EXPECT_EQ(Suite::load(file).value().name(), "house 7");
  EXPECT_EQ(Suite::load("119312-1.5.1").value().name(), "119312-1.5.1");
  EXPECT_EQ(
      Suite::load("119312").error(),
      "\"119312\": there is no suite of this name, but \"119312-1.5.1\", \"119312-2.1.1\", and "
      "files by their path");
  EXPECT_NE(Suite::load(folder.path("none.json")).error().find("none.json"), std::string::npos);
  const std::string broken = folder.write("broken.json", "{").string();
  EXPECT_EQ(Suite::load(broken).error(), "\"" + broken + "\": this is not JSON");
}

TEST(Suite, IsNotReadFromAFileThatOthersMayChange) {
  const ScratchFolder folder;
  const std::string file = folder.write("house.json", suite_text(kSha256), 0666).string();
  const auto loaded = Suite::load(file);
  ASSERT_FALSE(loaded);
  EXPECT_NE(loaded.error().find(file), std::string::npos);
}

}  // namespace
}  // namespace signet::crypto
