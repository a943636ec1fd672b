#include "bindings/java/native/utf.h"

#include <gtest/gtest.h>

namespace signet::java {
namespace {

TEST(Utf, TextsOfEveryLengthComeBack) {
  const std::u16string units = u"a\u017E\u20AC\U0001F58B\uFFFF\U0010FFFF";
  const std::string utf8 = "a\xC5\xBE\xE2\x82\xAC\xF0\x9F\x96\x8B\xEF\xBF\xBF\xF4\x8F\xBF\xBF";
  EXPECT_EQ(utf8_of(units), utf8);
  EXPECT_EQ(utf16_of(utf8), units);
  EXPECT_EQ(utf8_of(u""), "");
  EXPECT_EQ(utf16_of(""), u"");
}

TEST(Utf, HalvesOfCharactersAndZerosAreRefused) {
  const char16_t high = 0xD83D;
  const char16_t low = 0xDD8B;
  EXPECT_FALSE(utf8_of(std::u16string(1, high)));
  EXPECT_FALSE(utf8_of(std::u16string(1, low)));
  EXPECT_FALSE(utf8_of(std::u16string{high, u'a'}));
  EXPECT_FALSE(utf8_of(std::u16string{low, high}));
  EXPECT_FALSE(utf8_of(std::u16string{u'a', u'\0'}));
  EXPECT_TRUE(utf8_of(std::u16string{high, low}));
}

TEST(Utf, WhatIsNotUtf8IsReplaced) {
  EXPECT_EQ(utf16_of("a\xFF"), u"a\uFFFD");
  EXPECT_EQ(utf16_of("\xC0\x80"), u"\uFFFD\uFFFD");                      // longer than it must be
  EXPECT_EQ(utf16_of("\xED\xA0\x80"), u"\uFFFD\uFFFD\uFFFD");            // half of a character
  EXPECT_EQ(utf16_of("\xF4\x90\x80\x80"), u"\uFFFD\uFFFD\uFFFD\uFFFD");  // beyond the last one
  EXPECT_EQ(utf16_of("\xE2\x82"), u"\uFFFD\uFFFD");                      // cut
}

}  // namespace
}  // namespace signet::java
