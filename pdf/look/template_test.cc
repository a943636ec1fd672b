#include "pdf/look/template.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace signet::pdf::look {
namespace {

using ::testing::HasSubstr;

// What a value is surrounded with.
std::string isolated(const std::string& value) {
  return "\xE2\x81\xA8" + value + "\xE2\x81\xA9";
}

Facts some_facts() {
  Facts facts;
  facts.signer = "Město Říčany";
  facts.time = "28. 11. 2026";
  facts.serial = "0A:1B";
  return facts;
}

std::string filled(std::string_view text) {
  const auto made = fill_template(text, some_facts());
  return made ? made.value() : made.error().sentence;
}

TEST(TemplateTest, FieldsBecomeTheirFacts) {
  EXPECT_EQ(filled("Sealed by {signer}\non {time}"),
            "Sealed by " + isolated("Město Říčany") + "\non " + isolated("28. 11. 2026"));
  EXPECT_EQ(filled("{serial}"), isolated("0A:1B"));
}

TEST(TemplateTest, EveryFieldHasItsFact) {
  const Facts all = {"a", "b", "c", "d", "e", "f", "g"};
  const auto made =
      fill_template("{signer}{organisation}{time}{reference}{reason}{serial}{issuer}", all);
  ASSERT_TRUE(made);
  std::string wanted;
  for (const char* const value : {"a", "b", "c", "d", "e", "f", "g"}) wanted += isolated(value);
  EXPECT_EQ(made.value(), wanted);
}

TEST(TemplateTest, TwoBracesAreOne) {
  EXPECT_EQ(filled("{{signer}} {{{serial}}}"), "{signer} {" + isolated("0A:1B") + "}");
}

TEST(TemplateTest, ALineWhoseFactsAreAllAbsentIsLeftOut) {
  EXPECT_EQ(filled("one\nReason: {reason}\ntwo"), "one\ntwo");
  EXPECT_EQ(filled("Reason: {reason}\ntwo"), "two");
  EXPECT_EQ(filled("{reason}{serial}!"), isolated("0A:1B") + "!");
  EXPECT_EQ(filled("one\n\ntwo"), "one\n\ntwo");
}

TEST(TemplateTest, LineEndsOfWindowsAreLineEnds) {
  EXPECT_EQ(filled("one\r\ntwo\tthree"), "one\ntwo\tthree");
}

TEST(TemplateTest, WhatCannotBeMeantIsRefusedWithItsLine) {
  EXPECT_THAT(filled("one\n{signatory}"),
              HasSubstr("line 2 of the text has the unknown field {signatory}; there are {signer} "
                        "{organisation} {time} {reference} {reason} {serial} {issuer}"));
  EXPECT_THAT(filled("{signer"), HasSubstr("line 1 of the text has a brace that belongs to no "
                                           "field; a brace is written {{"));
  EXPECT_THAT(filled("signer}"), HasSubstr("a brace is written }}"));
  EXPECT_THAT(filled("{sig{ner}"), HasSubstr("unknown field {sig{ner}"));
  EXPECT_THAT(filled("a\x01"), HasSubstr("control character U+0001"));
  EXPECT_THAT(filled("a\rb"), HasSubstr("control character U+000D"));
  EXPECT_THAT(filled("a\xFF"), HasSubstr("line 1 of the text is not UTF-8"));
  EXPECT_THAT(filled(std::string(kMostTextBytes + 1, 'a')), HasSubstr("has 16385 bytes"));
}

TEST(TemplateTest, NoNameRearrangesTheSeal) {
  const auto with_signer = [](const std::string& signer) {
    Facts named;
    named.signer = signer;
    const auto made = fill_template("By {signer}", named);
    return made ? made.value() : made.error().sentence;
  };
  EXPECT_EQ(with_signer("Alice\nQualified"),
            "the value of {signer} has the control character U+000A");
  EXPECT_EQ(with_signer("\u202Eecila"), "the value of {signer} has the control character U+202E");
  EXPECT_EQ(with_signer("a\u2069b"), "the value of {signer} has the control character U+2069");
  EXPECT_EQ(with_signer("a\xFF"), "the value of {signer} is not UTF-8");
  EXPECT_EQ(with_signer("{time}"), "By " + isolated("{time}"));
  EXPECT_EQ(with_signer("שלום\u200F!"), "By " + isolated("שלום\u200F!"));
  EXPECT_THAT(with_signer(std::string(kMostTextBytes, 'a')), HasSubstr("at most 16384 are set"));
}

}  // namespace
}  // namespace signet::pdf::look
