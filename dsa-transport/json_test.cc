// JSON as dialects read and write it.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <boost/json/parse.hpp>
#include <new>

#include "crypto/base64.h"
#include "dsa-transport/json_reader.h"
#include "dsa-transport/json_writer.h"

namespace signet::transport {
namespace {

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

}  // namespace
}  // namespace signet::transport
