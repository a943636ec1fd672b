#include "pdf/look/font.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "pdf/look/testing/font_file.h"

namespace signet::pdf::look {
namespace {

using testing::default_font;
using testing::default_font_file;
using ::testing::HasSubstr;

std::string refusal_of_font(Bytes file) {
  const auto font = Font::from(std::move(file), "test.ttf");
  if (font) return "";
  EXPECT_EQ(font.error().fault, Fault::font);
  return font.error().sentence;
}

TEST(FontTest, TheDefaultFontIsRead) {
  const Font& font = *default_font();
  EXPECT_EQ(font.name(), "DejaVuSans");
  EXPECT_EQ(font.outlines(), Outlines::truetype);
  const FontMetrics& metrics = font.metrics();
  EXPECT_EQ(metrics.units_per_em, 2048);
  EXPECT_EQ(metrics.ascent, 1901);
  EXPECT_EQ(metrics.descent, -483);
  EXPECT_NEAR(metrics.cap_height, 1493, 5);
  EXPECT_LT(metrics.left, 0);
  EXPECT_GT(metrics.top, metrics.ascent);
  EXPECT_EQ(metrics.italic_angle, 0);
  EXPECT_FALSE(metrics.fixed_pitch);
}

TEST(FontTest, LicenceBitsThatForbidEmbeddingAreKeptTo) {
  const auto with = [](unsigned bits) {
    return refusal_of_font(testing::with_licence_bits(default_font_file(), bits));
  };
  EXPECT_THAT(with(0x2), HasSubstr("the font test.ttf may not be embedded"));
  EXPECT_THAT(with(0x100), HasSubstr("may be embedded as a whole only"));
  EXPECT_THAT(with(0x104), HasSubstr("may be embedded as a whole only"));
  EXPECT_THAT(with(0x200), HasSubstr("may be embedded as pictures only"));
  for (const unsigned allowed : {0x0U, 0x4U, 0x8U, 0x6U, 0xCU}) EXPECT_EQ(with(allowed), "");
}

TEST(FontTest, WhatIsNoFontIsRefused) {
  EXPECT_THAT(refusal_of_font({}), HasSubstr("cannot be read"));
  EXPECT_THAT(refusal_of_font(Bytes(1000, 'x')), HasSubstr("cannot be read"));
  Bytes half = default_font_file();
  half.resize(2000);
  EXPECT_THAT(refusal_of_font(half), HasSubstr("the font test.ttf"));
  EXPECT_THAT(refusal_of_font(testing::without_tables(default_font_file(), {"glyf"})),
              HasSubstr("the font test.ttf"));
}

TEST(FontTest, AFileThatIsNotThereIsNamed) {
  const auto font = Font::open("/nonexistent/font.ttf");
  ASSERT_FALSE(font);
  EXPECT_THAT(font.error().sentence, HasSubstr("/nonexistent/font.ttf"));
}

TEST(FontTest, AnySequenceOfDamagedBytesIsSurvived) {
  const Bytes whole = default_font_file();
  for (std::size_t seed = 1; seed <= 40; ++seed) {
    Bytes damaged = whole;
    for (std::size_t i = 0; i < 50; ++i) damaged[(seed * 7919 + i * i * 104729) % 5000] ^= 0x5A;
    const auto font = Font::from(std::move(damaged), "test.ttf");
    EXPECT_TRUE(font || font.error().fault == Fault::font);
  }
}

}  // namespace
}  // namespace signet::pdf::look
