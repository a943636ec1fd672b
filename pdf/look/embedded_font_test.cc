#include "pdf/look/embedded_font.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <bit>

#include "pdf/look/content.h"
#include "pdf/look/testing/document.h"
#include "pdf/look/testing/font_file.h"
#include "pdf/look/testing/judges.h"

namespace signet::pdf::look {
namespace {

using testing::default_font;
using testing::Document;
using ::testing::HasSubstr;
using testing::WrittenDocument;

struct SetText {
  TextLayout layout;
  Subset subset;
  ToUnicode meanings;
};

SetText set_text(std::string_view text, const Font& font) {
  SetText set;
  TextStyle style;
  style.down = Align::start;
  set.layout = fit_text(text, font, style, 480, 180).value();
  std::set<std::uint32_t> glyphs;
  for (const PlacedLine& placed : set.layout.lines) {
    for (const Cluster& cluster : placed.line.clusters) {
      set.meanings.add(cluster);
      for (const Glyph& glyph : cluster.glyphs) glyphs.insert(glyph.id);
    }
  }
  set.subset = subset_of(font, glyphs).value();
  return set;
}

// A page with nothing but this text.
void draw(Document& document, std::string_view text, const Font& font,
          CidSet cid_set = CidSet::absent) {
  const SetText set = set_text(text, font);
  Content content;
  content.draw_text("F", set.layout, 10, 10, font, set.subset, set.meanings);
  QPDFObjectHandle resources = Document::parsed("<< /Font << >> >>");
  resources.getKey("/Font").replaceKey("/F",
                                       put_font(document, font, set.subset, set.meanings, cid_set));
  document.set_content(content.text(), resources);
}

constexpr std::string_view kEurope =
    "Příliš žluťoučký kůň úpěl ďábelské ódy\n"
    "Ξεσκεπάζω την ψυχοφθόρα βδελυγμία\n"
    "Съешь ещё этих мягких французских булок\n"
    "AVATAR fi ffl Wolfgang";

TEST(EmbeddedFontTest, TheTextComesBackFromTheDocument) {
  Document document(500, 200);
  draw(document, kEurope, *default_font());
  const WrittenDocument written(document);
  EXPECT_EQ(written.complaints(), "");
  for (const std::string& text : {written.text(), written.mupdf_text()}) {
    EXPECT_THAT(text, HasSubstr("Příliš žluťoučký kůň úpěl ďábelské ódy"));
    EXPECT_THAT(text, HasSubstr("Ξεσκεπάζω την ψυχοφθόρα βδελυγμία"));
    EXPECT_THAT(text, HasSubstr("Съешь ещё этих мягких французских булок"));
    EXPECT_THAT(text, HasSubstr("AVATAR fi ffl Wolfgang"));
  }
  EXPECT_LT(written.size(), 20000U);
}

TEST(EmbeddedFontTest, RightToLeftTextComesBackInTheOrderOfReading) {
  Document document(500, 200);
  draw(document, "مرحبا بالعالم 123\nשלום עולם 456\nUrząd שלום 7 abc", *default_font());
  const WrittenDocument written(document);
  EXPECT_EQ(written.complaints(), "");
  const std::string text = written.text();
  EXPECT_THAT(text, HasSubstr("مرحبا بالعالم"));
  EXPECT_THAT(text, HasSubstr("123"));
  EXPECT_THAT(text, HasSubstr("שלום עולם"));
  EXPECT_THAT(text, HasSubstr("456"));
}

TEST(EmbeddedFontTest, TheFontIsEmbeddedAsASubset) {
  Document document(500, 200);
  draw(document, kEurope, *default_font());
  const WrittenDocument written(document);
  EXPECT_THAT(written.fonts(), ::testing::ContainsRegex(
                                   "[A-Z]{6}\\+DejaVuSans +CID TrueType +Identity-H +yes yes yes"));
}

TEST(EmbeddedFontTest, OpenTypeFontsWithCffOutlinesAreEmbeddedToo) {
  const auto font = Font::open("/usr/share/fonts/opentype/urw-base35/NimbusSans-Regular.otf");
  ASSERT_TRUE(font) << font.error().sentence;
  EXPECT_EQ(font.value()->outlines(), Outlines::cff);
  Document document(500, 200);
  draw(document, kEurope, *font.value(), CidSet::complete);
  const WrittenDocument written(document);
  EXPECT_EQ(written.complaints(), "");
  for (const std::string& text : {written.text(), written.mupdf_text()}) {
    EXPECT_THAT(text, HasSubstr("Příliš žluťoučký kůň úpěl ďábelské ódy"));
    EXPECT_THAT(text, HasSubstr("Съешь ещё этих мягких французских булок"));
  }
  EXPECT_THAT(written.fonts(),
              ::testing::ContainsRegex(
                  "[A-Z]{6}\\+NimbusSans-Regular.* +CID Type 0C +Identity-H +yes yes yes"));
}

TEST(EmbeddedFontTest, WhereAGlyphHasTwoMeaningsTheContentSaysWhich) {
  Document document(500, 200);
  draw(document, "\u0159 r\u030C x\u0323\u030C", *default_font());
  const WrittenDocument written(document);
  EXPECT_EQ(written.complaints(), "");
  EXPECT_THAT(written.text(), HasSubstr("\u0159 r\u030C"));
}

QPDFObjectHandle descriptor_of(QPDFObjectHandle font) {
  return font.getKey("/DescendantFonts").getArrayItem(0).getKey("/FontDescriptor");
}

TEST(EmbeddedFontTest, ACidSetNamesEveryGlyphOfTheProgram) {
  Document document(500, 200);
  const SetText set = set_text("Žluť", *default_font());
  const auto descriptor_with = [&](CidSet cid_set) {
    return descriptor_of(put_font(document, *default_font(), set.subset, set.meanings, cid_set));
  };
  const auto bits = descriptor_with(CidSet::complete).getKey("/CIDSet").getStreamData();
  std::size_t named = 0;
  for (std::size_t i = 0; i < bits->getSize(); ++i) {
    named += static_cast<std::size_t>(std::popcount(bits->getBuffer()[i]));
  }
  EXPECT_EQ(named, set.subset.advances.size());
  // Also what the letters are made of.
  EXPECT_GT(set.subset.advances.size(), set.subset.cids.size());
  EXPECT_FALSE(descriptor_with(CidSet::absent).hasKey("/CIDSet"));
}

TEST(EmbeddedFontTest, ManyGlyphsAreListedInBlocksOfAHundred) {
  ToUnicode meanings;
  Subset subset;
  for (std::uint32_t i = 0; i < 250; ++i) {
    meanings.add({{0x4E00 + i}, {{i, 0, 0, 0}}, false, 0});
    subset.cids[i] = static_cast<Cid>(i);
  }
  const std::string cmap = meanings.cmap(subset);
  EXPECT_THAT(cmap, HasSubstr("100 beginbfchar\n<0064> <4e64>"));
  EXPECT_THAT(cmap, HasSubstr("50 beginbfchar\n<00C8> <4ec8>"));
  meanings.add({{0x1F600}, {{300, 0, 0, 0}}, false, 0});
  subset.cids[300] = 300;
  EXPECT_THAT(meanings.cmap(subset), HasSubstr("<012C> <d83dde00>"));
}

TEST(EmbeddedFontTest, AGlyphWithoutAMeaningOfItsOwnIsToldByTheContent) {
  ToUnicode meanings;
  const Cluster cluster = {{'a'}, {{1, 0, 0, 0}, {2, 0, 0, 0}}, false, 0};
  meanings.add(cluster);
  EXPECT_FALSE(meanings.tells(cluster));
  EXPECT_TRUE(meanings.tells({{'a'}, {{1, 0, 0, 0}}, false, 0}));
  EXPECT_FALSE(meanings.tells({{'b'}, {{1, 0, 0, 0}}, false, 0}));
  EXPECT_FALSE(meanings.tells({{'b'}, {{3, 0, 0, 0}}, false, 0}));
}

TEST(EmbeddedFontTest, GlyphsThatTheFontDoesNotHaveMakeNoSubset) {
  const auto subset = subset_of(*default_font(), {36, 65000});
  ASSERT_FALSE(subset);
  EXPECT_EQ(subset.error().fault, Fault::font);
  EXPECT_EQ(subset.error().sentence,
            "no subset of the font DejaVuSans can be made: its outlines are damaged");
}

TEST(EmbeddedFontTest, TheSameTextMakesTheSameSubset) {
  EXPECT_EQ(set_text(kEurope, *default_font()).subset.program,
            set_text(kEurope, *default_font()).subset.program);
}

}  // namespace
}  // namespace signet::pdf::look
