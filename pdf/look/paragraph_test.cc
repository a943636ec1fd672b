#include "pdf/look/paragraph.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pdf/look/accent.h"
#include "pdf/look/testing/font_file.h"

namespace signet::pdf::look {
namespace {

using testing::default_font;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

Paragraph paragraph(std::string_view text) {
  return Paragraph::make(characters_of(text), *default_font(), 1).value();
}

Line line(std::string_view text) {
  const Paragraph whole = paragraph(text);
  return whole.line(0, whole.size());
}

// The characters of each cluster, from left to right.
std::vector<std::u32string> seen(std::string_view text) {
  std::vector<std::u32string> clusters;
  for (const Cluster& cluster : line(text).clusters) {
    clusters.emplace_back(cluster.text.begin(), cluster.text.end());
  }
  return clusters;
}

std::vector<std::uint32_t> glyphs_of(std::string_view text) {
  std::vector<std::uint32_t> ids;
  for (const Cluster& cluster : line(text).clusters) {
    for (const Glyph& glyph : cluster.glyphs) ids.push_back(glyph.id);
  }
  return ids;
}

std::string missing_in(std::string_view text) {
  const auto made = Paragraph::make(characters_of(text), *default_font(), 3);
  if (made) return "";
  EXPECT_EQ(made.error().fault, Fault::glyph);
  return made.error().sentence;
}

TEST(ParagraphTest, RightToLeftTextIsSeenFromTheRightAndItsNumbersFromTheLeft) {
  EXPECT_THAT(seen("אב 12"), ElementsAre(U"1", U"2", U" ", U"ב", U"א"));
  EXPECT_THAT(seen("ab אב"), ElementsAre(U"a", U"b", U" ", U"ב", U"א"));
}

TEST(ParagraphTest, ArabicLettersAreJoined) {
  // Alone, at the beginning, in the middle and at the end, the letter has four forms.
  const auto alone = glyphs_of("ب");
  const auto word = glyphs_of("ببب");
  ASSERT_EQ(word.size(), 3U);
  EXPECT_NE(word[0], word[1]);
  EXPECT_NE(word[1], word[2]);
  EXPECT_NE(word[0], word[2]);
  EXPECT_THAT(word, ::testing::Not(::testing::Contains(alone.at(0))));
}

TEST(ParagraphTest, ALigatureIsOneClusterOfItsCharacters) {
  EXPECT_THAT(seen("لا"), ElementsAre(U"لا"));
}

TEST(ParagraphTest, EachScriptIsShapedByItself) {
  // Hebrew before Arabic: without itemisation the Arabic letters would not be joined.
  const auto mixed = glyphs_of("אב ببب");
  const auto word = glyphs_of("ببب");
  EXPECT_TRUE(std::equal(word.begin(), word.end(), mixed.begin()));
}

TEST(ParagraphTest, BracketsAreMirroredFromRightToLeft) {
  EXPECT_EQ(glyphs_of("(א")[1], glyphs_of("a)")[1]);
}

TEST(ParagraphTest, AComposedAndADecomposedLetterAreOneCluster) {
  EXPECT_EQ(glyphs_of("ř"), glyphs_of("r\u030C"));
  EXPECT_THAT(seen("r\u030C"), ElementsAre(U"r\u030C"));
}

TEST(ParagraphTest, WhatIsNotSeenHasNoGlyphAndNoText) {
  EXPECT_THAT(seen("a\u2068b\u2069\u200B\u00ADc"), ElementsAre(U"a", U"b", U"c"));
}

TEST(ParagraphTest, ACharacterThatTheFontLacksIsNamedWithItsPlace) {
  EXPECT_THAT(missing_in("Příliš 漢字"),
              HasSubstr("the font DejaVuSans has no glyph for U+6F22 (漢), line 3, character 8 of "
                        "the text"));
  EXPECT_THAT(missing_in("\u2068a\u2069\U0001F9FF"),
              HasSubstr("U+1F9FF (🧿), line 3, character 2"));
  EXPECT_THAT(missing_in("a\x1B[2J"), HasSubstr("U+001B (\\x1b), line 3, character 2"));
}

TEST(ParagraphTest, AnAccentBesideItsLetterIsNone) {
  const auto beside = [](std::vector<Ink> parts) { return stands_beside(parts); };
  EXPECT_FALSE(beside({{0, 400}, {100, 300}}));
  EXPECT_FALSE(beside({{100, 200}, {0, 400}, {350, 390}}));
  EXPECT_TRUE(beside({{92, 390}, {435, 939}}));
  EXPECT_TRUE(beside({{92, 390}, {100, 300}, {390, 400}}));
  EXPECT_TRUE(beside({{92, 390}, {0, 92}}));
  EXPECT_FALSE(beside({{0, 0}, {435, 939}, {5, 5}}));
  EXPECT_FALSE(beside({}));
}

TEST(ParagraphTest, ALetterOfPartsIsSetWhereTheFontSaysWhereTheyGo) {
  // DejaVu Sans has no glyph for this one.
  const Line letter = line("\u1E31\u0331");
  EXPECT_FALSE(lacks_place_for_accent(letter.clusters.front(), *default_font()));
  const Cluster apart = {{0x4E00}, {{36, 1400, 0, 0}, {36, 1400, 0, 0}}, false, 0};
  EXPECT_TRUE(lacks_place_for_accent(apart, *default_font()));
}

TEST(ParagraphTest, LinesEndAfterSpacesAndHyphensAndNotAtFixedOnes) {
  const Paragraph text = paragraph("ab c-d e\u00A0f, g");
  std::string places;
  for (std::size_t i = 1; i < text.size(); ++i) {
    if (text.break_before(i) == Break::yes) places += std::to_string(i) + " ";
  }
  EXPECT_EQ(places, "3 5 7 12 ");
}

TEST(ParagraphTest, NoLineEndsBetweenALetterAndItsMarks) {
  const Paragraph text = paragraph("x\u0323\u030Cy");
  EXPECT_EQ(text.break_before(1), Break::no);
  EXPECT_EQ(text.break_before(2), Break::no);
  EXPECT_EQ(text.break_before(3), Break::within_word);
}

TEST(ParagraphTest, APieceIsTurnedByItself) {
  const Paragraph text = paragraph("אב 12 גד");
  std::u32string seen_line;
  for (const Cluster& cluster : text.line(3, 8).clusters) {
    seen_line.append(cluster.text.begin(), cluster.text.end());
  }
  EXPECT_EQ(seen_line, U"דג 12");
}

TEST(ParagraphTest, TheAdvancesAddUpToTheLine) {
  for (const char* const text : {"Příliš žluťoučký kůň", "مرحبا بالعالم 123", "AVAVA"}) {
    const Paragraph whole = paragraph(text);
    std::int32_t sum = 0;
    for (std::size_t i = 0; i < whole.size(); ++i) sum += whole.advance(i);
    EXPECT_EQ(whole.line(0, whole.size()).width, sum) << text;
  }
}

}  // namespace
}  // namespace signet::pdf::look
