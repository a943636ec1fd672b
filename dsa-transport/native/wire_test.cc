// Values and bodies of the contract, read and written.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <new>
#include <set>

#include "crypto/base64.h"
#include "dsa-transport/native/json_reader.h"
#include "dsa-transport/native/json_writer.h"
#include "dsa-transport/native/problem.h"
#include "dsa-transport/native/wire_objects.h"
#include "dsa-transport/native/wire_values.h"

namespace signet::transport::native {
namespace {

using namespace std::chrono_literals;

TEST(JsonWriter, WritesMembersInOrder) {
  const WipedText text = JsonWriter()
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
  EXPECT_EQ(boost::json::parse(text_of(text)).at("t").as_string(), nasty);
}

TEST(JsonWriter, WritesWhatIsLongerThanItsBuffers) {
  const Bytes der(100'000, 7);
  const WipedText text = JsonWriter().base64("der", der).text("t", "x").finish();
  EXPECT_EQ(text_of(text), "{\"der\":\"" + crypto::to_base64(der) + R"(","t":"x"})");
}

// The password lies in the writer itself where it is short, on the heap where the request is large.
TEST(JsonWriter, LeavesNoPasswordBehind) {
  alignas(JsonWriter) std::array<char, sizeof(JsonWriter)> memory{};
  const auto holds = [&](std::string_view word) {
    return std::ranges::search(memory, word).begin() != memory.end();
  };
  for (const std::string_view password : {"short", "a password of some length"}) {
    auto* const writer = new (memory.data()) JsonWriter();
    writer->text("newPassword", password);
    const WipedText text = writer->finish();
    EXPECT_TRUE(holds(password));
    writer->~JsonWriter();
    EXPECT_FALSE(holds(password));
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
  EXPECT_TRUE(is_object_id("..."));
  for (const std::string& bad :
       {std::string(), std::string("a/b"), std::string("a b"), std::string("a\n"),
        std::string(129, 'a'), std::string("."), std::string("..")}) {
    EXPECT_FALSE(is_object_id(bad)) << bad;
  }
}

std::string refusal_of(std::string_view text) {
  JsonDocument document;
  const auto value = document.parse(text);
  return value ? "" : value.error().what;
}

TEST(JsonDocument, RefusesWhatIsNestedDeeperThan32Levels) {
  EXPECT_EQ(refusal_of(std::string(32, '[') + std::string(32, ']')), "");
  EXPECT_EQ(refusal_of(std::string(33, '[') + std::string(33, ']')),
            "the JSON is nested too deeply");
  EXPECT_EQ(refusal_of(std::string(100'000, '[')), "the JSON is nested too deeply");
  EXPECT_EQ(refusal_of("\"" + std::string(100, '[') + "\\\"{\""), "");
}

TEST(JsonDocument, RefusesMoreThan200000Values) {
  const auto list = [](std::size_t count) {
    std::string text = "[\",[{\"";  // no values in a string
    for (std::size_t i = 1; i < count; ++i) text += ",0";
    return text + "]";
  };
  EXPECT_EQ(refusal_of(list(199'998)), "");
  EXPECT_EQ(refusal_of(list(200'000)), "the JSON has too many values");
  std::string lists = "[[]";
  while (lists.size() < 1'000'000) lists += ",[]";
  EXPECT_EQ(refusal_of(lists + "]"), "the JSON has too many values");
}

// Names that all have one hash take the square of their number to look up.
TEST(JsonDocument, RefusesMoreThan1000MembersOfOneObject) {
  const auto object = [](int count) {
    std::string text = R"({"x":{"a":[1,2,{"b":3}]})";
    for (int i = 1; i < count; ++i) text += fmt::format(",\"{}\":{{}}", i);
    return text + "}";
  };
  EXPECT_EQ(refusal_of(object(1000)), "");
  EXPECT_EQ(refusal_of(object(1001)), "the JSON has an object with too many members");
  std::string many = "[{}";
  for (int i = 0; i < 2000; ++i) many += R"(,{"a":1})";
  EXPECT_EQ(refusal_of(many + "]"), "");
}

TEST(ObjectCollector, TakesNoMoreObjectsThanAnAccountMayHave) {
  ObjectCollector all;
  static_assert(kMostKeys == kMostCertificates);
  for (std::size_t i = 0; i < kMostKeys; i += 500) {
    ObjectPage page;
    page.unknown_keys.resize(250);
    page.keys.resize(250);
    page.certificates.resize(500);
    ASSERT_TRUE(all.add(std::move(page)));
  }
  ObjectPage key;
  key.unknown_keys.emplace_back();
  EXPECT_FALSE(all.add(std::move(key)));
  ObjectPage certificate;
  certificate.certificates.emplace_back();
  EXPECT_FALSE(all.add(std::move(certificate)));
}

TEST(ObjectCollector, TakesNoMoreBytesThanAnAccountMayHave) {
  ObjectCollector all;
  const auto page_of = [](std::size_t size) {
    ObjectPage page;
    page.certificates.resize(1);
    page.certificates[0].der.resize(size);
    return page;
  };
  ASSERT_TRUE(all.add(page_of(kMostObjectBytes)));
  const auto more = all.add(page_of(1));
  ASSERT_FALSE(more);
  EXPECT_FALSE(more.error().out_of_time);
}

TEST(ObjectPage, IsReadNoLongerThanTheDeadline) {
  const DerCheck check;
  const std::string body = R"({"keys":[{"type":"?","id":"a"}],"certificates":[]})";
  EXPECT_TRUE(read_page(body, check, Deadline::after(Milliseconds(60'000))));
  const auto late = read_page(body, check, Deadline::after(Milliseconds(0)));
  ASSERT_FALSE(late);
  EXPECT_TRUE(late.error().out_of_time);
}

TEST(JsonDocument, RefusesADuplicateName) {
  EXPECT_EQ(refusal_of(R"({"a":1,"b":{"a":":"},"c":[{"a":1},{"a":2}]})"), "");
  for (const char* text :
       {R"({"a":1,"a":1})", R"([{"b":{"a":1,"\u0061":2}}])", R"({"a":{"b":1},"a":2})"}) {
    EXPECT_EQ(refusal_of(text), "the JSON has a duplicate name in an object") << text;
  }
}

TEST(JsonDocument, RefusesWhatIsNotJson) {
  for (const char* text :
       {"", " ", "{", "{}}", "{} {}", "[1,]", "{'a':1}", "\"\xFF\"", "\"\xED\xA0\x80\"",
        "\"\\ud800\"", "\"\n\"", "NaN", "01", "\xEF\xBB\xBF{}", "/**/{}"}) {
    EXPECT_EQ(refusal_of(text), "the body is not JSON") << text;
  }
}

TEST(JsonReader, TakesWholeNumbersWithinTheirBound) {
  JsonDocument document;
  const auto value = document.parse(
      R"({"good":[0,7,18446744073709551615],"bad":[-1,1.0,1e2,18446744073709551616,"7",true]})");
  ASSERT_TRUE(value);
  JsonReader good(value.value(), "thing");
  EXPECT_EQ(good.numbers("good", UINT64_MAX), (std::vector<std::uint64_t>{0, 7, UINT64_MAX}));
  EXPECT_FALSE(good.failed());
  for (const auto& number : value.value()->at("bad").as_array()) {
    const boost::json::value thing = {{"n", number}};
    JsonReader reader(&thing, "thing");
    reader.number("n", UINT64_MAX);
    EXPECT_EQ(reader.error().what, "thing: n is not a whole number") << number;
  }
}

TEST(JsonReader, KeepsTheFirstThingWrong) {
  JsonDocument document;
  const auto value = document.parse(R"({"n":-1,"f":1.5,"s":"text","big":70000})");
  ASSERT_TRUE(value);
  JsonReader reader(value.value(), "thing");
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
