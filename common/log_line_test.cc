#include "common/log_line.h"

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <string>

namespace signet::log {
namespace {

Entry entry_of(std::string_view message, std::span<const Field> fields = {}) {
  return {std::chrono::system_clock::from_time_t(1767268800), Level::warn, 42, message, fields};
}

TEST(LogLine, TextHasTimeProgramProcessLevelAndMessage) {
  EXPECT_EQ(text_line(entry_of("all is well")),
            "2026-01-01T12:00:00.000Z signet[42] warn: all is well\n");
}

TEST(LogLine, TextFieldsFollowTheMessageQuotedWhereTheyMust) {
  const std::array<Field, 3> fields = {
      {{"function", "C_Sign"}, {"why", "no \"route\""}, {"id", ""}}};
  EXPECT_EQ(message_text(entry_of("failed", fields)),
            R"(failed function=C_Sign why="no \"route\"" id="")");
}

TEST(LogLine, NoByteOfAMessageStartsAnotherLineOrMovesTheCursor) {
  std::string all;
  for (int byte = 0; byte < 256; ++byte) all += static_cast<char>(byte);
  for (const std::string& text : {message_text(entry_of(all)), json_object(entry_of(all))}) {
    for (const char c : text) {
      const auto byte = static_cast<unsigned char>(c);
      EXPECT_TRUE(byte >= 0x20 && byte < 0x7F) << static_cast<int>(byte);
    }
  }
}

TEST(LogLine, EscapesShowWhatStoodThere) {
  EXPECT_EQ(message_text(entry_of("a\nb\r\tc\x1b[0m")), "a\\nb\\r\\tc\\x1b[0m");
  EXPECT_EQ(message_text(entry_of("\xC2\x85|\xE2\x80\xA8|\xE2\x80\xAE")), "\\x85|\\u2028|\\u202e");
}

TEST(LogLine, LettersOfEveryScriptStayAsTheyAre) {
  EXPECT_EQ(message_text(entry_of("pečeť 印 🔏")), "pečeť 印 🔏");
}

TEST(LogLine, BytesThatAreNotUtf8AreShownAsBytes) {
  EXPECT_EQ(message_text(entry_of("\xFF")), "\\xff");
  EXPECT_EQ(message_text(entry_of("\xC3")), "\\xc3");           // cut short
  EXPECT_EQ(message_text(entry_of("\xC0\x8A")), "\\xc0\\x8a");  // an overlong line end
  EXPECT_EQ(message_text(entry_of("\xE0\x80\x8A")), "\\xe0\\x80\\x8a");
  EXPECT_EQ(message_text(entry_of("\xED\xA0\x80")), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(message_text(entry_of("\xF4\x90\x80\x80")), "\\xf4\\x90\\x80\\x80");
}

TEST(LogLine, JsonIsOneObjectWithEscapedValues) {
  const std::array<Field, 2> fields = {{{"member", "https://a"}, {"level", "x\\y"}}};
  EXPECT_EQ(json_object(entry_of("a \"b\"\n\xFF", fields)),
            R"({"time":"2026-01-01T12:00:00.000Z","level":"warn","program":"signet","pid":42,)"
            R"("message":"a \"b\"\n\ufffd","member":"https://a","field_level":"x\\y"})");
}

TEST(LogLine, WhatTheSentenceSaysAlreadyIsAFieldInJsonOnly) {
  const std::array<Field, 2> fields = {
      {{.name = "function", .value = "C_Sign", .in_sentence = true}, {"why", "route"}}};
  EXPECT_EQ(message_text(entry_of("C_Sign failed", fields)), "C_Sign failed why=route");
  EXPECT_NE(json_object(entry_of("C_Sign failed", fields)).find(R"("function":"C_Sign")"),
            std::string::npos);
}

TEST(LogLine, NumbersAreNumbersInJsonWhereTheyAreSome) {
  const auto json_with = [](std::string_view value) {
    const std::array<Field, 1> fields = {{{.name = "n", .value = value, .number = true}}};
    const std::string json = json_object(entry_of("m", fields));
    return json.substr(json.find("\"n\""));
  };
  EXPECT_EQ(json_with("503"), R"("n":503})");
  EXPECT_EQ(json_with("0"), R"("n":0})");
  for (const char* other : {"", "-", "007", "1 2", "1e3", "},", "111111111111111111111"}) {
    EXPECT_EQ(json_with(other), fmt::format(R"("n":"{}"}})", other));
  }
}

TEST(LogLine, LongMessagesAreCut) {
  const std::string text = message_text(entry_of(std::string(100'000, 'x')));
  EXPECT_EQ(text, std::string(kLongestText, 'x') + "…");
}

TEST(LogLine, SyslogCarriesFacilityUserAndTheLevelsSeverity) {
  EXPECT_EQ(syslog_datagram(entry_of("ignored"), "hello"), "<12>signet[42]: hello");
}

TEST(LogLine, JournalFieldsCannotBeForgedByAValue) {
  const std::array<Field, 1> fields = {{{"request-id", "1\nPRIORITY=0"}}};
  EXPECT_EQ(journal_datagram(entry_of("m", fields), "m"),
            "MESSAGE=m\nPRIORITY=4\nSYSLOG_IDENTIFIER=signet\nSYSLOG_PID=42\n"
            "SIGNET_REQUEST_ID=1\\nPRIORITY=0\n");
}

TEST(LogLine, LevelsHaveTheNamesOfTheConfiguration) {
  for (const char* name : {"error", "warn", "info", "debug", "trace"}) {
    ASSERT_TRUE(level_from(name));
    EXPECT_EQ(name_of(*level_from(name)), name);
  }
}

}  // namespace
}  // namespace signet::log
