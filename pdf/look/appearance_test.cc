#include "pdf/look/appearance.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <thread>
#include <vector>

#include "pdf/look/arrangement.h"
#include "pdf/look/testing/document.h"
#include "pdf/look/testing/font_file.h"
#include "pdf/look/testing/judges.h"
#include "pdf/look/testing/picture_file.h"
#include "tests/support/files.h"

namespace signet::pdf::look {
namespace {

using ::testing::ContainsRegex;
using testing::default_font;
using testing::Document;
using ::testing::HasSubstr;
using testing::jpeg_file;
using testing::JpegWish;
using testing::plain_png;
using testing::WrittenDocument;

constexpr Placement kBox = {{10, 10, 210, 110}, 200, 100, 0};

Look text_look(std::string text) {
  Look look;
  look.text = std::move(text);
  look.font = default_font();
  return look;
}

Facts one_signer() {
  Facts facts;
  facts.signer = "Město Říčany";
  return facts;
}

std::shared_ptr<const Image> image_from(const Bytes& file) {
  return Image::from(file, "test").value();
}

Look image_look(const Bytes& file) {
  Look look;
  look.image = image_from(file);
  look.margin = 0;
  return look;
}

QPDFObjectHandle form_of(Document& document, const Look& look, const Demands& demands = {},
                         const Placement& placement = kBox) {
  auto made = put_appearance(look, one_signer(), placement, demands, document);
  if (!made) throw std::runtime_error(made.error().sentence);
  return made.value().form.getDict();
}

// The fault and sentence; nothing may have been put.
std::pair<Fault, std::string> fault_of(const Look& look, const Demands& demands = {},
                                       const Placement& placement = kBox) {
  Document document(300, 200);
  const auto made = put_appearance(look, one_signer(), placement, demands, document);
  EXPECT_FALSE(made);
  EXPECT_EQ(document.objects(), 0U);
  return {made.error().fault, made.error().sentence};
}

TEST(AppearanceTest, TheFormIsAsLargeAsTheBoxAndUpright) {
  Document document(300, 200);
  const Look look = text_look("{signer}");
  QPDFObjectHandle form = form_of(document, look);
  EXPECT_EQ(form.getKey("/Subtype").getName(), "/Form");
  EXPECT_EQ(form.getKey("/BBox").unparse(), "[ 0 0 200 100 ]");
  EXPECT_FALSE(form.hasKey("/Matrix"));
  EXPECT_FALSE(form.hasKey("/Group"));
  const auto matrix = [&](int rotate) {
    return form_of(document, look, {}, {{0, 0, 1, 1}, 200, 100, rotate})
        .getKey("/Matrix")
        .unparse();
  };
  EXPECT_EQ(matrix(90), "[ 0 1 -1 0 100 0 ]");
  EXPECT_EQ(matrix(180), "[ -1 0 0 -1 200 100 ]");
  EXPECT_EQ(matrix(270), "[ 0 -1 1 0 0 200 ]");
}

TEST(AppearanceTest, TheSizeOfTheTextIsTold) {
  Document document(300, 200);
  EXPECT_EQ(
      put_appearance(text_look("{signer}"), one_signer(), kBox, {}, document).value().text_size,
      12);
  EXPECT_EQ(
      put_appearance(image_look(plain_png(1, 1, 0xFF)), {}, kBox, {}, document).value().text_size,
      0);
}

TEST(AppearanceTest, WithoutAFontTheDefaultOneIsTaken) {
  Document document(300, 200);
  Look look = text_look("{signer}");
  look.font = nullptr;
  document.add_widget("[10 10 210 110]",
                      put_appearance(look, one_signer(), kBox, {}, document).value().form);
  const WrittenDocument written(document);
  EXPECT_THAT(written.fonts(), ContainsRegex("DejaVuSans +CID TrueType +Identity-H +yes yes yes"));
  EXPECT_THAT(written.text(), HasSubstr("Město Říčany"));
  EXPECT_THAT(written.mupdf_text(), HasSubstr("Město Říčany"));
}

TEST(AppearanceTest, WhatCannotBeShownIsRefusedBeforeAnythingIsPut) {
  EXPECT_EQ(fault_of(text_look("")).first, Fault::text);
  EXPECT_EQ(fault_of(text_look("")).second, "the visible seal has neither text nor an image");
  EXPECT_THAT(fault_of(text_look("{reason}")).second,
              HasSubstr("every line of its text was left out"));
  EXPECT_EQ(fault_of(text_look("{sign}")).first, Fault::text);
  EXPECT_EQ(fault_of(text_look("漢字")).first, Fault::glyph);
  EXPECT_EQ(fault_of(text_look(std::string(5000, 'W'))).first, Fault::size);
  EXPECT_EQ(fault_of(text_look("{signer}"), {}, {{0, 0, 3, 3}, 3, 3, 0}).second,
            "the seal's box of 3 x 3 points has no room within a margin of 2 points");
  Look negative = text_look("a");
  negative.margin = -1;
  EXPECT_EQ(fault_of(negative).first, Fault::place);
  Look outside = text_look("a");
  outside.text_region = Region{150, 0, 60, 50};
  EXPECT_EQ(fault_of(outside).second,
            "the region of the text is not in the seal's box of 200 x 100 points");
  Look cmyk = text_look("a");
  JpegWish wish;
  wish.components = 4;
  wish.samples.assign(1024, 100);
  cmyk.image = image_from(jpeg_file(wish));
  EXPECT_EQ(fault_of(cmyk, {1, IntentSpace::rgb}).first, Fault::forbidden);
}

TEST(AppearanceTest, PdfaOneHasACompleteCidSetAndNothingTransparent) {
  Document document(300, 200);
  Look look = text_look("{signer}");
  look.image = image_from(plain_png(5, 5, 0x00FF0080));
  const auto descriptor = [&](const Demands& demands) {
    return form_of(document, look, demands)
        .getKey("/Resources")
        .getKey("/Font")
        .getKey("/Text")
        .getKey("/DescendantFonts")
        .getArrayItem(0)
        .getKey("/FontDescriptor");
  };
  EXPECT_TRUE(descriptor({1, IntentSpace::rgb}).hasKey("/CIDSet"));
  EXPECT_FALSE(descriptor({2, IntentSpace::rgb}).hasKey("/CIDSet"));
  auto made = put_appearance(look, one_signer(), kBox, {1, IntentSpace::rgb}, document);
  EXPECT_FALSE(made.value().transparent);
  QPDFObjectHandle form = made.value().form.getDict();
  EXPECT_FALSE(form.hasKey("/Group"));
  EXPECT_FALSE(
      form.getKey("/Resources").getKey("/XObject").getKey("/Image").getDict().hasKey("/SMask"));
}

TEST(AppearanceTest, TransparencyInPdfaTwoIsBlendedInTheIntentsSpace) {
  Document document(300, 200);
  const Look look = image_look(plain_png(5, 5, 0x00FF0080));
  const auto group = [&](IntentSpace intent) {
    return form_of(document, look, {2, intent}).getKey("/Group");
  };
  EXPECT_EQ(group(IntentSpace::rgb).getKey("/CS").getName(), "/DeviceRGB");
  EXPECT_EQ(group(IntentSpace::cmyk).getKey("/CS").getName(), "/DeviceCMYK");
  EXPECT_EQ(group(IntentSpace::gray).getKey("/CS").getName(), "/DeviceGray");
  EXPECT_EQ(group(IntentSpace::rgb).getKey("/S").getName(), "/Transparency");
  EXPECT_TRUE(group(IntentSpace::none).isNull());
  EXPECT_TRUE(put_appearance(look, {}, kBox, {2, IntentSpace::rgb}, document).value().transparent);
  EXPECT_FALSE(
      put_appearance(look, {}, kBox, {2, IntentSpace::none}, document).value().transparent);
  EXPECT_TRUE(put_appearance(look, {}, kBox, {}, document).value().transparent);
}

TEST(AppearanceTest, AnEmptyFormIsAForm) {
  Document document(300, 200);
  QPDFObjectHandle form = put_empty_appearance(document, 0, 0);
  EXPECT_TRUE(form.isStream());
  EXPECT_EQ(form.getDict().getKey("/BBox").unparse(), "[ 0 0 0 0 ]");
  document.add_widget("[0 0 0 0]", form);
  EXPECT_EQ(WrittenDocument(document).complaints(), "");
}

TEST(AppearanceTest, TheSameWishesMakeTheSameBytes) {
  Look look = text_look("{signer}");
  look.image = image_from(plain_png(5, 5, 0x00FF0080));
  const auto sealed = [&] {
    Document document(300, 200);
    document.add_widget("[10 10 210 110]",
                        put_appearance(look, one_signer(), kBox, {}, document).value().form);
    return tests::read_file(WrittenDocument(document).file());
  };
  EXPECT_EQ(sealed(), sealed());
}

TEST(AppearanceTest, ALookIsUsedByManyThreadsAtOnce) {
  Look look = text_look("{signer} مرحبا Съешь");
  look.image = image_from(plain_png(5, 5, 0x00FF0080));
  const auto resources_of_seal = [&] {
    Document document(300, 200);
    QPDFObjectHandle form = form_of(document, look);
    return form.getKey("/Resources").unparseResolved();
  };
  const std::string wanted = resources_of_seal();
  std::vector<std::string> made(4);
  std::vector<std::thread> threads;
  threads.reserve(made.size());
  for (std::string& one : made) {
    threads.emplace_back([&] {
      for (int i = 0; i < 5; ++i) one = resources_of_seal();
    });
  }
  for (std::thread& thread : threads) thread.join();
  for (const std::string& one : made) EXPECT_EQ(one, wanted);
}

// What is seen in the middle of an image that fills the box.
struct Seen {
  unsigned red;
  unsigned green;
  unsigned blue;
};

void expect_colour(const Look& look, const Demands& demands, const Seen& wanted, int tolerance) {
  Document document(200, 100);
  document.add_widget(
      "[0 0 200 100]",
      put_appearance(look, {}, {{0, 0, 200, 100}, 200, 100, 0}, demands, document).value().form);
  const WrittenDocument written(document);
  EXPECT_EQ(written.complaints(), "");
  for (const testing::Raster& raster :
       {written.poppler_raster(72), written.mupdf_raster(200, 100)}) {
    EXPECT_NEAR(static_cast<int>(raster.red(100, 50)), static_cast<int>(wanted.red), tolerance);
    EXPECT_NEAR(static_cast<int>(raster.green(100, 50)), static_cast<int>(wanted.green), tolerance);
    EXPECT_NEAR(static_cast<int>(raster.blue(100, 50)), static_cast<int>(wanted.blue), tolerance);
  }
}

Bytes plain_jpeg(JpegWish wish, const Bytes& pixel) {
  wish.components = static_cast<int>(pixel.size());
  wish.width = wish.height = 16;
  wish.samples.clear();
  for (int i = 0; i < 256; ++i) wish.samples.insert(wish.samples.end(), pixel.begin(), pixel.end());
  return jpeg_file(wish);
}

TEST(AppearanceColourTest, ColoursAreSeenAsTheyAreInTheFile) {
  expect_colour(image_look(plain_png(2, 2, 0xC86432FF)), {}, {0xC8, 0x64, 0x32}, 1);
  expect_colour(image_look(plain_jpeg({}, {200, 100, 50})), {}, {200, 100, 50}, 4);
  expect_colour(image_look(plain_jpeg({}, {77})), {}, {77, 77, 77}, 2);
  JpegWish plain;
  plain.plain_rgb = true;
  expect_colour(image_look(plain_jpeg(plain, {200, 100, 50})), {}, {200, 100, 50}, 4);
}

TEST(AppearanceColourTest, TheSmallProfileIsSrgb) {
  for (const Demands& demands : {Demands{1, IntentSpace::none}, Demands{2, IntentSpace::cmyk}}) {
    expect_colour(image_look(plain_png(2, 2, 0xC86432FF)), demands, {0xC8, 0x64, 0x32}, 3);
    expect_colour(image_look(plain_png(2, 2, 0x0A1E8CFF)), demands, {0x0A, 0x1E, 0x8C}, 3);
    expect_colour(image_look(plain_png(2, 2, 0x808080FF)), demands, {0x80, 0x80, 0x80}, 3);
    Look filled;
    filled.background_colour = Colour{0xC8, 0x64, 0x32};
    expect_colour(filled, demands, {0xC8, 0x64, 0x32}, 3);
  }
}

TEST(AppearanceColourTest, GrayWithoutADeviceIsGray) {
  Document document(300, 200);
  Look filled;
  filled.background_colour = Colour{0x80, 0x80, 0x80};
  expect_colour(filled, {2, IntentSpace::cmyk}, {0x80, 0x80, 0x80}, 1);
  expect_colour(image_look(plain_jpeg({}, {128})), {1, IntentSpace::none}, {128, 128, 128}, 6);
}

TEST(AppearanceColourTest, InvertedCmykIsNotSeenInverted) {
  // 255 is no ink: yellow paper, which every conversion leaves bright and without blue.
  JpegWish adobe;
  const Look look = image_look(plain_jpeg(adobe, {255, 255, 0, 255}));
  expect_colour(look, {}, {255, 242, 20}, 45);
  adobe.adobe = false;
  const Look plain = image_look(plain_jpeg(adobe, {0, 0, 255, 0}));
  expect_colour(plain, {}, {255, 242, 20}, 45);
}

// Of 104 x 54 points; a region that there is none of has no width.
struct Found {
  Region text;
  Region image;
};

Found found_for(const Look& look, bool has_text) {
  const Regions regions = arranged(look, has_text, 104, 54).value();
  return {regions.text.value_or(Region{}), regions.image.value_or(Region{})};
}

TEST(ArrangementTest, TextAndImageShareTheBox) {
  Look look = text_look("a");
  look.image = image_from(plain_png(10, 20, 0xFF));
  const Found beside = found_for(look, true);
  EXPECT_NEAR(beside.image.width, 25, 1e-9);  // as the image's height allows
  EXPECT_NEAR(beside.text.x, 29, 1e-9);
  EXPECT_NEAR(beside.text.width, 73, 1e-9);
  look.image = image_from(plain_png(100, 10, 0xFF));
  EXPECT_NEAR(found_for(look, true).image.width, 40, 1e-9);
  look.arrangement = Arrangement::above_text;
  const Found above = found_for(look, true);
  EXPECT_NEAR(above.image.height, 10, 1e-9);
  EXPECT_NEAR(above.image.y, 42, 1e-9);
  EXPECT_NEAR(above.text.height, 38, 1e-9);
  look.arrangement = Arrangement::behind_text;
  EXPECT_NEAR(found_for(look, true).text.width, 100, 1e-9);
  EXPECT_NEAR(found_for(look, true).image.width, 100, 1e-9);
}

TEST(ArrangementTest, OneAloneHasTheWholeBox) {
  Look look = text_look("a");
  look.image = image_from(plain_png(10, 20, 0xFF));
  EXPECT_EQ(found_for(look, false).text.width, 0);
  EXPECT_NEAR(found_for(look, false).image.width, 100, 1e-9);
  look.image = nullptr;
  EXPECT_EQ(found_for(look, true).image.width, 0);
  EXPECT_NEAR(found_for(look, true).text.width, 100, 1e-9);
}

TEST(ArrangementTest, ARegionOfItsOwnTakesNoRoomFromTheOther) {
  Look look = text_look("a");
  look.image = image_from(plain_png(10, 20, 0xFF));
  look.image_region = Region{0, 0, 20, 20};
  EXPECT_NEAR(found_for(look, true).text.width, 100, 1e-9);
  EXPECT_NEAR(found_for(look, true).image.width, 20, 1e-9);
}

TEST(ArrangementTest, AnImageKeepsItsProportionsInTheMiddle) {
  const Region wide = fitted({10, 10, 100, 50}, 400, 100);
  EXPECT_NEAR(wide.width, 100, 1e-9);
  EXPECT_NEAR(wide.height, 25, 1e-9);
  EXPECT_NEAR(wide.y, 22.5, 1e-9);
  const Region high = fitted({10, 10, 100, 50}, 10, 100);
  EXPECT_NEAR(high.width, 5, 1e-9);
  EXPECT_NEAR(high.x, 57.5, 1e-9);
}

TEST(ColourTest, ColoursAreSixHexadecimalDigits) {
  EXPECT_EQ(parse_colour("#0a64C8"), (Colour{10, 100, 200}));
  EXPECT_EQ(parse_colour("000000"), Colour{});
  for (const char* const text : {"", "#", "red", "#fff", "#0a64c8ff", "#0a64cg", "##0a64c8"}) {
    EXPECT_FALSE(parse_colour(text)) << text;
  }
}

}  // namespace
}  // namespace signet::pdf::look
