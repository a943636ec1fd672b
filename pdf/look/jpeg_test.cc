#include "pdf/look/jpeg.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <filesystem>

#include "pdf/look/image.h"
#include "pdf/look/testing/document.h"
#include "pdf/look/testing/picture_file.h"
#include "tests/support/files.h"

namespace signet::pdf::look {
namespace {

using testing::Document;
using ::testing::HasSubstr;
using testing::jpeg_file;
using testing::JpegWish;

JpegWish jpeg_wish(int components) {
  JpegWish wish;
  wish.components = components;
  for (std::size_t i = 0; i < 256 * static_cast<std::size_t>(components); ++i) {
    wish.samples.push_back(static_cast<std::uint8_t>(i));
  }
  return wish;
}

QPDFObjectHandle put_jpeg(Document& document, const Bytes& file, const Demands& demands = {}) {
  ColourSpaces spaces(document, demands);
  const auto image = Image::from(file, "test.jpg").value();
  EXPECT_TRUE(image->check(demands));
  return image->put(document, spaces);
}

std::string jpeg_refusal(const Bytes& file) {
  const auto image = Image::from(file, "test.jpg");
  if (image) return "";
  EXPECT_EQ(image.error().fault, Fault::image);
  return image.error().sentence;
}

Bytes stored(QPDFObjectHandle stream) {
  const auto data = stream.getRawStreamData();
  return {data->getBuffer(), data->getBuffer() + data->getSize()};
}

// As long as is_usable looks: the head of an ICC profile.
Bytes profile_head(int version, const std::string& device, const std::string& space) {
  Bytes profile(200, 0);
  profile[8] = static_cast<std::uint8_t>(version);
  std::copy(device.begin(), device.end(), profile.begin() + 12);
  std::copy(space.begin(), space.end(), profile.begin() + 16);
  return profile;
}

TEST(JpegTest, TheFileIsCopiedAsItIs) {
  for (const bool progressive : {false, true}) {
    for (const int components : {1, 3, 4}) {
      JpegWish wish = jpeg_wish(components);
      wish.progressive = progressive;
      const Bytes file = jpeg_file(wish);
      Document document(100, 100);
      QPDFObjectHandle image = put_jpeg(document, file);
      EXPECT_EQ(stored(image), file);
      EXPECT_EQ(image.getDict().getKey("/Filter").getName(), "/DCTDecode");
      EXPECT_EQ(image.getDict().getKey("/Width").getIntValue(), 16);
      EXPECT_EQ(image.getDict().getKey("/ColorSpace").getName(), components == 1   ? "/DeviceGray"
                                                                 : components == 3 ? "/DeviceRGB"
                                                                                   : "/DeviceCMYK");
    }
  }
}

TEST(JpegTest, CmykOfAdobesProgramsIsInverted) {
  Document document(100, 100);
  JpegWish wish = jpeg_wish(4);
  EXPECT_EQ(put_jpeg(document, jpeg_file(wish)).getDict().getKey("/Decode").unparse(),
            "[ 1 0 1 0 1 0 1 0 ]");
  wish.adobe = false;
  EXPECT_FALSE(put_jpeg(document, jpeg_file(wish)).getDict().hasKey("/Decode"));
}

TEST(JpegTest, RgbThatIsNotTransformedIsSaidToBe) {
  Document document(100, 100);
  JpegWish wish = jpeg_wish(3);
  EXPECT_FALSE(put_jpeg(document, jpeg_file(wish)).getDict().hasKey("/DecodeParms"));
  wish.plain_rgb = true;
  EXPECT_EQ(put_jpeg(document, jpeg_file(wish)).getDict().getKey("/DecodeParms").unparse(),
            "<< /ColorTransform 0 >>");
}

TEST(JpegTest, WhatFollowsTheImageIsLeftOut) {
  const Bytes file = jpeg_file(jpeg_wish(3));
  Bytes longer = file;
  longer.insert(longer.end(), 5000, 'x');
  Document document(100, 100);
  EXPECT_EQ(stored(put_jpeg(document, longer)), file);
}

TEST(JpegTest, PdfaTakesCmykByItsIntentOrItsProfileOnly) {
  const auto verdict = [](const Bytes& file, const Demands& demands) {
    const auto checked = Image::from(file, "test.jpg").value()->check(demands);
    if (checked) return std::string();
    EXPECT_EQ(checked.error().fault, Fault::forbidden);
    return checked.error().sentence;
  };
  JpegWish wish = jpeg_wish(4);
  EXPECT_EQ(verdict(jpeg_file(wish), {}), "");
  EXPECT_EQ(verdict(jpeg_file(wish), {2, IntentSpace::cmyk}), "");
  EXPECT_THAT(verdict(jpeg_file(wish), {2, IntentSpace::rgb}),
              HasSubstr("the document is PDF/A-2 and has no output intent for CMYK: the image "
                        "test.jpg is CMYK"));
  wish.profile = profile_head(4, "prtr", "CMYK");
  EXPECT_EQ(verdict(jpeg_file(wish), {2, IntentSpace::rgb}), "");
  EXPECT_NE(verdict(jpeg_file(wish), {1, IntentSpace::rgb}), "");
  wish.profile = profile_head(2, "prtr", "CMYK");
  EXPECT_EQ(verdict(jpeg_file(wish), {1, IntentSpace::rgb}), "");
  for (const Bytes& other : {profile_head(2, "prtr", "RGB "), profile_head(2, "link", "CMYK"),
                             profile_head(5, "prtr", "CMYK"), Bytes(100, 0)}) {
    wish.profile = other;
    EXPECT_NE(verdict(jpeg_file(wish), {2, IntentSpace::rgb}), "");
  }
  Document document(100, 100);
  wish.profile = profile_head(2, "prtr", "CMYK");
  QPDFObjectHandle space =
      put_jpeg(document, jpeg_file(wish), {1, IntentSpace::rgb}).getDict().getKey("/ColorSpace");
  EXPECT_EQ(space.getArrayItem(0).getName(), "/ICCBased");
  EXPECT_EQ(space.getArrayItem(1).getDict().getKey("/N").getIntValue(), 4);
}

TEST(JpegTest, AFileIsReadByItsName) {
  const auto folder = std::filesystem::temp_directory_path() / fmt::format("signet-{}", getpid());
  std::filesystem::create_directory(folder);
  const auto file = folder / "seal.jpg";
  tests::write_file(file, text_of(jpeg_file(jpeg_wish(3))));
  const auto image = Image::open(file);
  std::filesystem::remove_all(folder);
  ASSERT_TRUE(image) << image.error().sentence;
  EXPECT_EQ(image.value()->width(), 16U);
  EXPECT_EQ(image.value()->height(), 16U);
  const auto missing = Image::open(file);
  ASSERT_FALSE(missing);
  EXPECT_EQ(missing.error().fault, Fault::image);
  EXPECT_THAT(missing.error().sentence, HasSubstr("seal.jpg"));
}

TEST(JpegTest, DamagedFilesAreRefused) {
  for (const bool progressive : {false, true}) {
    JpegWish wish = jpeg_wish(3);
    wish.progressive = progressive;
    const Bytes whole = jpeg_file(wish);
    for (std::size_t size = 3; size < whole.size(); ++size) {
      Bytes cut = whole;
      cut.resize(size);
      EXPECT_THAT(jpeg_refusal(cut), HasSubstr("the image test.jpg cannot be read")) << size;
    }
    for (std::size_t i = 3; i < whole.size(); ++i) {
      Bytes changed = whole;
      changed[i] ^= 0x55;
      (void)Image::from(changed, "test.jpg");  // must not crash; much of it is not detectable
    }
  }
}

TEST(JpegTest, WhatPdfDoesNotTakeIsRefused) {
  JpegWish wish = jpeg_wish(3);
  wish.arithmetic = true;
  EXPECT_THAT(jpeg_refusal(jpeg_file(wish)), HasSubstr("is arithmetically coded"));
  EXPECT_THAT(jpeg_refusal(jpeg_file(jpeg_wish(2))), HasSubstr("has 2 colour components"));
  // The frame header: FFC0, length, precision, height, width, components.
  Bytes file = jpeg_file(jpeg_wish(3));
  const std::array<std::uint8_t, 2> start = {0xFF, 0xC0};
  const auto frame = std::search(file.begin(), file.end(), start.begin(), start.end());
  ASSERT_NE(frame, file.end());
  Bytes large = file;
  const auto at = frame - file.begin();
  for (const auto offset : {5, 7}) large[static_cast<std::size_t>(at + offset)] = 0xFF;
  EXPECT_THAT(jpeg_refusal(large), HasSubstr("has 65296 x 65296 pixels; at most 16777216"));
  Bytes deep = file;
  deep[static_cast<std::size_t>(at + 4)] = 12;
  EXPECT_NE(jpeg_refusal(deep), "");
}

TEST(JpegTest, AProgressiveImageOfEndlessScansIsRefused) {
  JpegWish wish = jpeg_wish(1);
  wish.progressive = true;
  const Bytes file = jpeg_file(wish);
  // The last scan again and again.
  const std::array<std::uint8_t, 2> start = {0xFF, 0xDA};
  const auto last = std::find_end(file.begin(), file.end(), start.begin(), start.end());
  Bytes endless(file.begin(), last);
  const Bytes scan(last, file.end() - 2);
  for (int i = 0; i < 2000; ++i) endless.insert(endless.end(), scan.begin(), scan.end());
  endless.insert(endless.end(), {0xFF, 0xD9});
  EXPECT_THAT(jpeg_refusal(endless), HasSubstr("cannot be read"));
}

}  // namespace
}  // namespace signet::pdf::look
