#include "seal-server/server/json_reader.h"

#include <gtest/gtest.h>

#include "crypto/base64.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {
namespace {

boost::json::object object(const std::string& text) {
  return boost::json::parse(text).as_object();
}

template <typename Read>
std::string refusal(Read read) {
  try {
    read();
  } catch (const Problem& problem) {
    return problem.what();
  }
  return "none";
}

TEST(JsonReader, TakesTimesInUtcAlone) {
  EXPECT_EQ(time_in("2026-11-29T02:00:00Z", "t"), "2026-11-29T02:00:00.000Z");
  EXPECT_EQ(time_in("2028-02-29T23:59:59.999Z", "t"), "2028-02-29T23:59:59.999Z");
  for (const char* wrong :
       {"", "2026-11-29", "2026-11-29T02:00:00", "2026-11-29T02:00:00+01:00",
        "2026-11-29t02:00:00z", "2026-02-29T00:00:00Z", "2026-13-01T00:00:00Z",
        "2026-11-29T24:00:00Z", "2026-11-29T02:60:00Z", "2026-11-29T02:00:60Z",
        "2026-11-29T02:00:00.12Z", "2026-11-29T02:00:00.1234Z", "2026-11-29T02:00:00Z "}) {
    EXPECT_EQ(refusal([&] { time_in(wrong, "t"); }), "\"t\" must be a time as of RFC 3339, in UTC.")
        << wrong;
  }
}

TEST(JsonReader, TakesDigestsOfOneLength) {
  const Bytes octets(32, 0xAB);
  EXPECT_EQ(digest_in(crypto::to_base64(octets), "d"), to_hex(octets));
  for (const std::string& wrong :
       {std::string(), crypto::to_base64(Bytes(31, 1)), crypto::to_base64(Bytes(33, 1)),
        to_hex(octets), crypto::to_base64(octets) + "\n"}) {
    EXPECT_EQ(refusal([&] { digest_in(wrong, "d"); }),
              "\"d\" must be the base64 of a SHA-256 digest.")
        << wrong;
  }
}

TEST(JsonReader, TakesCertificatesNamesInLowerCase) {
  const auto with = [](const std::string& name) { return boost::json::object{{"c", name}}; };
  EXPECT_EQ(read_certificate_name(with(std::string(64, 'a')), "c"), std::string(64, 'a'));
  EXPECT_EQ(read_certificate_name({}, "c"), "");
  for (const std::string& wrong :
       {std::string(64, 'A'), std::string(63, 'a'), std::string(62, 'a'), std::string(64, 'g')}) {
    EXPECT_NE(refusal([&] { read_certificate_name(with(wrong), "c"); }), "none") << wrong;
  }
}

TEST(JsonReader, CountsCharactersNotOctets) {
  EXPECT_EQ(read_text(object(R"({"r":"žluť"})"), "r", 4), "žluť");
  EXPECT_EQ(refusal([] { read_text(object(R"({"r":"žluťá"})"), "r", 4); }),
            "\"r\" is longer than 4 characters.");
  EXPECT_EQ(refusal([] { read_text(object(R"({"r":"a\nb"})"), "r", 9); }),
            "\"r\" has a control character.");
  EXPECT_EQ(refusal([] { read_text(object(R"({"r":5})"), "r", 9); }), "\"r\" must be a string.");
}

TEST(JsonReader, TakesNoMemberThatTheContractDoesNotHave) {
  EXPECT_EQ(refusal([] { read_members(object(R"({"a":1,"b":2})"), {"a"}); }),
            "There is no member \"b\".");
  EXPECT_EQ(refusal([] { read_members(boost::json::value(5), {"a"}); }),
            "An item of a list must be a JSON object.");
  EXPECT_EQ(refusal([] { read_list(object(R"({"a":[1,2,3]})"), "a", 2); }),
            "\"a\" has more than 2 items.");
  EXPECT_EQ(refusal([] { read_list(object(R"({"a":1})"), "a", 2); }), "\"a\" must be a list.");
  EXPECT_EQ(refusal([] { read_word(object(R"({"a":"x"})"), "a", {"y"}); }),
            "\"a\" is none of the words that it may be.");
}

}  // namespace
}  // namespace signet::sealserver
