#include "pdf/look/fit.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pdf/look/template.h"
#include "pdf/look/testing/font_file.h"

namespace signet::pdf::look {
namespace {

using testing::default_font;
using ::testing::ElementsAre;
using ::testing::HasSubstr;

LookResult<TextLayout> fit_in(std::string_view text, double width, double height,
                              const TextStyle& style = {}) {
  return fit_text(text, *default_font(), style, width, height);
}

std::vector<std::u32string> lines_of(const TextLayout& layout) {
  std::vector<std::u32string> texts;
  for (const PlacedLine& placed : layout.lines) {
    std::u32string& text = texts.emplace_back();
    for (const Cluster& cluster : placed.line.clusters) {
      text.append(cluster.text.begin(), cluster.text.end());
    }
  }
  return texts;
}

double width_of(const TextLayout& layout, std::size_t line) {
  return layout.lines.at(line).line.width * layout.size / 2048;
}

void expect_inside(const TextLayout& layout, double width, double height) {
  for (std::size_t i = 0; i < layout.lines.size(); ++i) {
    const PlacedLine& placed = layout.lines[i];
    EXPECT_GE(placed.x, -1e-9);
    EXPECT_LE(placed.x + width_of(layout, i), width + 1e-9);
    EXPECT_GE(placed.y - 483 * layout.size / 2048, -1e-9);
    EXPECT_LE(placed.y + 1901 * layout.size / 2048, height + 1e-9);
  }
}

TEST(FitTest, TextIsAsLargeAsAllowedWhereThereIsRoom) {
  const auto layout = fit_in("Město Říčany", 200, 50).value();
  EXPECT_EQ(layout.size, 12);
  EXPECT_THAT(lines_of(layout), ElementsAre(U"Město Říčany"));
  expect_inside(layout, 200, 50);
}

TEST(FitTest, LongTextIsWrappedThenMadeSmaller) {
  const std::string text =
      "Elektronická pečeť Ministerstva dopravy České republiky, odboru agend řidičů";
  const auto wide = fit_in(text, 200, 50).value();
  EXPECT_EQ(wide.size, 12);
  EXPECT_EQ(wide.lines.size(), 3U);
  const auto small = fit_in(text, 200, 20).value();
  EXPECT_LT(small.size, 12);
  EXPECT_GE(small.size, 4);
  for (const TextLayout& layout : {wide, small}) {
    std::u32string joined;
    for (const auto& line : lines_of(layout)) joined += line + U" ";
    const Characters whole = characters_of(text + " ");
    EXPECT_EQ(joined, std::u32string(whole.begin(), whole.end()));
  }
  expect_inside(wide, 200, 50);
  expect_inside(small, 200, 20);
}

TEST(FitTest, TheSizeIsTheLargestThatFits) {
  TextStyle style;
  const auto found = fit_in("one two three four five six seven eight", 70, 30, style).value();
  style.largest = style.smallest = found.size + 0.25;
  EXPECT_FALSE(fit_in("one two three four five six seven eight", 70, 30, style));
}

TEST(FitTest, AWordThatIsTooWideIsBrokenOnlyAtLast) {
  TextStyle style;
  style.smallest = 10;
  const auto broken = fit_in("0123456789ABCDEF0123456789ABCDEF", 60, 100, style).value();
  EXPECT_GT(broken.lines.size(), 3U);
  expect_inside(broken, 60, 100);
  style.smallest = 2;
  const auto whole = fit_in("0123456789ABCDEF0123456789ABCDEF", 60, 100, style).value();
  EXPECT_EQ(whole.lines.size(), 1U);
  EXPECT_LT(whole.size, 4);
}

TEST(FitTest, WhatDoesNotFitIsRefused) {
  const std::string text(2000, 'a');
  const auto refused = fit_in(text, 100, 30);
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().fault, Fault::size);
  EXPECT_THAT(refused.error().sentence,
              HasSubstr("the text does not fit into 100.0 x 30.0 points in the smallest size, 4 "
                        "points"));
  EXPECT_FALSE(fit_in("a", 1, 1));
  EXPECT_FALSE(fit_in("a", -5, 10));
}

TEST(FitTest, SizesThatMakeNoSenseAreRefused) {
  for (const auto& [largest, smallest] : std::vector<std::pair<double, double>>{
           {4, 5}, {12, 0.5}, {1e9, 4}, {std::nan(""), 4}, {12, std::nan("")}, {12, -1}}) {
    TextStyle style;
    style.largest = largest;
    style.smallest = smallest;
    const auto refused = fit_in("a", 100, 100, style);
    ASSERT_FALSE(refused);
    EXPECT_THAT(refused.error().sentence, HasSubstr("sizes of text"));
  }
  EXPECT_EQ(fit_in(std::string(kMostTextBytes + 1, 'a'), 100, 100).error().fault, Fault::text);
}

TEST(FitTest, EveryLineEndIsKept) {
  EXPECT_THAT(lines_of(fit_in("a\n\nb\n", 100, 100).value()), ElementsAre(U"a", U"", U"b", U""));
}

TEST(FitTest, LinesBeginWhereTheirParagraphIsWrittenFrom) {
  const auto layout = fit_in("ab\nאב", 100, 100).value();
  EXPECT_EQ(layout.lines[0].x, 0);
  EXPECT_NEAR(layout.lines[1].x + width_of(layout, 1), 100, 1e-9);
}

TEST(FitTest, TextIsAlignedAsWished) {
  TextStyle style;
  style.across = style.down = Align::middle;
  const auto middle = fit_in("ab", 100, 100, style).value();
  EXPECT_NEAR(middle.lines[0].x, (100 - width_of(middle, 0)) / 2, 1e-9);
  style.across = style.down = Align::end;
  const auto end = fit_in("ab", 100, 100, style).value();
  EXPECT_NEAR(end.lines[0].x, 100 - width_of(end, 0), 1e-9);
  EXPECT_NEAR(end.lines[0].y, 483 * 12.0 / 2048, 1e-9);
  style.down = Align::start;
  EXPECT_NEAR(fit_in("ab", 100, 100, style).value().lines[0].y, 100 - 1901 * 12.0 / 2048, 1e-9);
}

TEST(FitTest, SpacesAtTheEndOfALineNeedNoRoom) {
  TextStyle style;
  style.smallest = 12;
  const double width = width_of(fit_in("aaa", 1000, 100).value(), 0) + 0.01;
  EXPECT_THAT(lines_of(fit_in("aaa          aaa", width, 100, style).value()),
              ElementsAre(U"aaa", U"aaa"));
}

TEST(FitTest, ALineOfTwoDirectionsIsBrokenBeforeItIsTurned) {
  TextStyle style;
  style.smallest = 12;
  // Read: the Hebrew word, then the number on the second line.
  EXPECT_THAT(lines_of(fit_in("אבגדהוזחטיכלמנ 12345", 90, 100, style).value()),
              ElementsAre(U"נמלכיטחזוהדגבא", U"12345"));
}

}  // namespace
}  // namespace signet::pdf::look
