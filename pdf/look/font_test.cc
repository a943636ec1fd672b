#include "pdf/look/font.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <set>

#include "common/bounded_file.h"
#include "pdf/look/fit.h"
#include "pdf/look/subset.h"
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

TEST(FontTest, AFontWithoutMeasuresIsRefused) {
  constexpr std::size_t units_per_em = 18;
  EXPECT_NE(refusal_of_font(testing::with_number(default_font_file(), "head", units_per_em, 3)),
            "");
  constexpr std::size_t ascender = 4;
  constexpr std::size_t descender = 6;
  Bytes flat = testing::with_number(default_font_file(), "hhea", ascender, 0);
  flat = testing::with_number(std::move(flat), "hhea", descender, 0);
  flat = testing::without_tables(std::move(flat), {"OS/2"});
  EXPECT_THAT(refusal_of_font(std::move(flat)), HasSubstr("has no height of its lines"));
}

TEST(FontTest, DamagedGlyphsAreNotDrawn) {
  for (const char* const tag : {"glyf", "loca", "cmap", "hmtx", "maxp", "GSUB", "GPOS"}) {
    EXPECT_THAT(refusal_of_font(testing::with_number(default_font_file(), tag, 4, 0xABCD)),
                HasSubstr(std::string("is damaged: its table ") + tag));
  }
  const Bytes otf =
      read_file("/usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf", Font::kMostBytes)
          .value();
  EXPECT_EQ(refusal_of_font(otf), "");
  EXPECT_THAT(refusal_of_font(testing::with_number(otf, "CFF ", 5000, 0xABCD)),
              HasSubstr("its table CFF "));
  Bytes cut = default_font_file();
  cut.resize(cut.size() / 2);
  EXPECT_NE(refusal_of_font(cut), "");
}

TEST(FontTest, AFileThatIsNotThereIsNamed) {
  const auto font = Font::open("/nonexistent/font.ttf");
  ASSERT_FALSE(font);
  EXPECT_THAT(font.error().sentence, HasSubstr("/nonexistent/font.ttf"));
}

// Damages a font's file at random places of a part of it, and does with it what a seal does.
void use_damaged(const Bytes& whole, std::size_t begin, std::size_t end, unsigned seed) {
  std::mt19937 random(seed);
  Bytes damaged = whole;
  for (int i = 0; i < 40; ++i) {
    damaged[begin + random() % (end - begin)] = static_cast<std::uint8_t>(random());
  }
  // With checksums of what is damaged, so that it is read all the same.
  const auto font = Font::from(testing::with_checksums(std::move(damaged)), "test.ttf");
  if (!font) {
    EXPECT_EQ(font.error().fault, Fault::font);
    return;
  }
  const auto layout = fit_text("Žluťoučký مرحبا שלום", *font.value(), {}, 400, 100);
  if (!layout) return;
  std::set<std::uint32_t> glyphs;
  for (const PlacedLine& placed : layout.value().lines) {
    for (const Cluster& cluster : placed.line.clusters) {
      for (const Glyph& glyph : cluster.glyphs) glyphs.insert(glyph.id);
    }
  }
  const auto subset = subset_of(*font.value(), glyphs);
  EXPECT_TRUE(subset || subset.error().fault == Fault::font);
}

TEST(FontTest, DamagedFontsDoNoHarm) {
  for (const char* const file :
       {Font::kDefaultFile, "/usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf"}) {
    const Bytes whole = read_file(file, Font::kMostBytes).value();
    for (unsigned seed = 0; seed < 60; ++seed) {
      use_damaged(whole, 0, 400, seed);
      use_damaged(whole, 400, whole.size(), seed);
    }
  }
}

}  // namespace
}  // namespace signet::pdf::look
