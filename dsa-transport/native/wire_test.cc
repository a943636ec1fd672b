// Values and bodies of the contract, read and written.

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <set>

#include "dsa-transport/native/json_reader.h"
#include "dsa-transport/native/json_writer.h"
#include "dsa-transport/native/problem.h"
#include "dsa-transport/native/wire_values.h"

namespace signet::transport::native {
namespace {

using namespace std::chrono_literals;

TEST(JsonWriter, WritesMembersInOrder) {
  WipedText text = JsonWriter()
                       .text("a", "x")
                       .number("n", 18446744073709551615U)
                       .base64("b", Bytes{0, 255})
                       .base64_list("l", {Bytes{1}, Bytes{}})
                       .finish();
  EXPECT_EQ(text_of(text), R"({"a":"x","n":18446744073709551615,"b":"AP8=","l":["AQ==",""]})");
  EXPECT_EQ(text_of(JsonWriter().finish()), "{}");
}

TEST(JsonWriter, WritesTextThatAnyReaderReadsBack) {
  std::string nasty = "\"\\/\b\f\n\r\t\x01\x1F\x7F ž € 😀";
  nasty.push_back('\0');
  const WipedText text = JsonWriter().text("t", nasty).finish();
  const auto value = nlohmann::json::parse(text_of(text));
  EXPECT_EQ(value["t"].get<std::string>(), nasty);
}

TEST(Utf8, IsToldFromOtherBytes) {
  for (const char* good : {"", "abc", "ž", "€", "😀", "\xEE\x80\x80", "\xF4\x8F\xBF\xBF"}) {
    EXPECT_TRUE(is_utf8(good)) << good;
  }
  for (const char* bad : {"\x80", "\xC0\x80", "\xC1\xBF", "\xC5", "\xE0\x80\x80", "\xED\xA0\x80",
                          "\xF0\x80\x80\x80", "\xF4\x90\x80\x80", "\xF5\x80\x80\x80", "\xFF"}) {
    EXPECT_FALSE(is_utf8(bad));
  }
}

TEST(Time, IsReadInAllItsFormsAndNoOthers) {
  const auto noon = std::chrono::system_clock::from_time_t(1767268800);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00Z"), noon);
  EXPECT_EQ(parse_time("2026-01-01t12:00:00z"), noon);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00.5Z"), noon + 500ms);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00.000000001999Z"), noon + 1ns);
  EXPECT_EQ(parse_time("2026-01-01T12:00:00+00:00"), noon);
  for (const char* bad :
       {"", "2026", "2026-01-01", "2026-01-01T12:00:00", "2026-01-01T12:00:00+01:00",
        "2026-02-29T12:00:00Z", "2026-01-01T24:00:00Z", "2026-01-01T12:60:00Z",
        "2026-01-01T12:00:00.Z", "2026-01-01 12:00:00Z", "2026-01-01T12:00:00Zx",
        "99999-01-01T12:00:00Z", "1969-12-31T23:59:59Z", "9999-01-01T00:00:00Z"}) {
    EXPECT_FALSE(parse_time(bad)) << bad;
  }
}

TEST(Uuid, IsRandomAndWellFormed) {
  std::set<std::string> seen;
  for (int i = 0; i < 100; ++i) {
    const std::string uuid = random_uuid();
    ASSERT_EQ(uuid.size(), 36U);
    EXPECT_EQ(uuid[14], '4');
    EXPECT_NE(std::string("89ab").find(uuid[19]), std::string::npos);
    seen.insert(uuid);
  }
  EXPECT_EQ(seen.size(), 100U);
}

TEST(Names, AreReadBackAsTheyAreWritten) {
  for (const auto hash :
       {Hash::none, Hash::sha1, Hash::sha224, Hash::sha256, Hash::sha384, Hash::sha512}) {
    EXPECT_EQ(hash_from(name_of(hash)), hash);
  }
  for (const auto algorithm :
       {Scheme::rsa_pkcs1, Scheme::rsa_pss, Scheme::rsa_raw, Scheme::ecdsa, Scheme::eddsa}) {
    EXPECT_EQ(algorithm_from(name_of(algorithm)), algorithm);
  }
  for (const auto curve : {Curve::p256, Curve::p384, Curve::p521}) {
    EXPECT_EQ(curve_from(name_of(curve)), curve);
  }
  for (const auto type : {KeyType::rsa, KeyType::ec, KeyType::edwards}) {
    EXPECT_EQ(key_type_from(name_of(type)), type);
  }
  EXPECT_FALSE(hash_from("sha-256"));
  // What the contract has no word for.
  for (const auto hash : {Hash::sha3_224, Hash::sha3_256, Hash::sha3_384, Hash::sha3_512}) {
    EXPECT_EQ(name_of(hash), "");
  }
  EXPECT_FALSE(hash_from(""));
  EXPECT_FALSE(curve_from(""));
}

TEST(PercentEncoding, LeavesOnlyUnreservedCharacters) {
  EXPECT_EQ(percent_encoded("aZ09-._~"), "aZ09-._~");
  EXPECT_EQ(percent_encoded("../?&%\n"), "..%2F%3F%26%25%0A");
}

TEST(ObjectId, IsNeverAPath) {
  EXPECT_TRUE(is_object_id("{6F1E6A52-7b7e-4f2b-9d55-0c6f3f6f0a01}"));
  for (const std::string& bad : {std::string(), std::string("a/b"), std::string("a b"),
                                 std::string("a\n"), std::string(129, 'a')}) {
    EXPECT_FALSE(is_object_id(bad)) << bad;
  }
}

TEST(Json, DeeperThan32LevelsIsRefusedUnread) {
  EXPECT_TRUE(parse_json(std::string(32, '[') + std::string(32, ']')));
  EXPECT_FALSE(parse_json(std::string(33, '[') + std::string(33, ']')));
  EXPECT_TRUE(parse_json("\"" + std::string(100, '[') + "\\\"{\""));
}

TEST(JsonReader, KeepsTheFirstThingWrong) {
  const auto value = nlohmann::json::parse(R"({"n":-1,"f":1.5,"s":"text","big":70000})");
  JsonReader reader(value, "thing");
  EXPECT_EQ(reader.text("s", 1, 4), "text");
  EXPECT_FALSE(reader.failed());
  reader.number("n", 10);
  reader.number("big", 65535);
  reader.text("missing", 0, 1);
  EXPECT_EQ(reader.error().what, "thing: n is not a whole number");
}

TEST(Problem, IsTamedBeforeItReachesALog) {
  https::Response answer;
  answer.status = 422;
  answer.media_type = "application/problem+json";
  answer.body = R"({"title":"a\nb\u001b[31m\u009b\u202e","detail":7,"sapiCode":"0x90030702"})";
  const Problem problem = read_problem(answer);
  EXPECT_TRUE(problem.well_formed);
  EXPECT_EQ(problem.title, R"(a\nb\x1b[31m\x9b\u202e)");
  EXPECT_EQ(problem.detail, "");
  const ApplianceError error = error_from(answer, problem);
  EXPECT_EQ(error.failure, Failure::bad_parameter);
  EXPECT_EQ(error.sentence, "the appliance refuses a parameter (it says: " + problem.title + ")");
}

}  // namespace
}  // namespace signet::transport::native
