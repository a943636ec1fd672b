// PNG files become image XObjects with the same samples, as qpdf undoes the compression.
#include "pdf/look/png.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <png.h>

#include "pdf/look/image.h"
#include "pdf/look/testing/document.h"
#include "pdf/look/testing/picture_file.h"
#include "pdf/look/testing/png_chunks.h"

namespace signet::pdf::look {
namespace {

using testing::Document;
using ::testing::HasSubstr;
using testing::png_file;
using testing::PngWish;

Bytes samples_of(QPDFObjectHandle stream) {
  const auto data = stream.getStreamData(qpdf_dl_all);
  return {data->getBuffer(), data->getBuffer() + data->getSize()};
}

struct Put {
  Document document{100, 100};
  QPDFObjectHandle image;

  explicit Put(const Bytes& file, const Demands& demands = {}) {
    ColourSpaces spaces(document, demands);
    image = Image::from(file, "test.png").value()->put(document, spaces);
  }

  std::string space() { return image.getDict().getKey("/ColorSpace").unparse(); }
  int bits() { return image.getDict().getKey("/BitsPerComponent").getIntValueAsInt(); }
};

std::string png_refusal(const Bytes& file) {
  const auto image = Image::from(file, "test.png");
  if (image) return "";
  EXPECT_EQ(image.error().fault, Fault::image);
  return image.error().sentence;
}

// Every value of samples, so that rows differ.
PngWish wish_of(int colour_type, int bits, std::size_t row_bytes) {
  PngWish wish;
  wish.width = 8;
  wish.height = 8;
  wish.colour_type = colour_type;
  wish.bits = bits;
  for (std::size_t i = 0; i < row_bytes * 8; ++i) {
    wish.samples.push_back(static_cast<std::uint8_t>(i * 37));
  }
  return wish;
}

TEST(PngTest, GrayAndRgbKeepTheirSamplesAtEveryDepthOfEightOrLess) {
  for (const int bits : {1, 2, 4, 8}) {
    const PngWish wish = wish_of(PNG_COLOR_TYPE_GRAY, bits, static_cast<std::size_t>(bits));
    Put put(png_file(wish));
    EXPECT_EQ(put.space(), "/DeviceGray");
    EXPECT_EQ(put.bits(), bits);
    EXPECT_EQ(samples_of(put.image), wish.samples) << bits;
  }
  const PngWish wish = wish_of(PNG_COLOR_TYPE_RGB, 8, 24);
  Put put(png_file(wish));
  EXPECT_EQ(put.space(), "/DeviceRGB");
  EXPECT_EQ(samples_of(put.image), wish.samples);
  EXPECT_EQ(put.image.getDict().getKey("/Width").getIntValue(), 8);
}

TEST(PngTest, SixteenBitsBecomeEight) {
  PngWish wish = wish_of(PNG_COLOR_TYPE_RGB, 16, 48);
  Put put(png_file(wish));
  EXPECT_EQ(put.bits(), 8);
  const Bytes samples = samples_of(put.image);
  ASSERT_EQ(samples.size(), 8U * 24);
  for (std::size_t i = 0; i < samples.size(); ++i) {
    const unsigned wide = wish.samples[2 * i] * 256U + wish.samples[2 * i + 1];
    EXPECT_NEAR(samples[i], wide / 257.0, 0.51);
  }
}

TEST(PngTest, APaletteStaysOne) {
  for (const int bits : {1, 2, 4, 8}) {
    PngWish wish = wish_of(PNG_COLOR_TYPE_PALETTE, bits, static_cast<std::size_t>(bits));
    for (int i = 0; i < (1 << bits) * 3; ++i) {
      wish.palette.push_back(static_cast<std::uint8_t>(i * 11));
    }
    Put put(png_file(wish));
    QPDFObjectHandle space = put.image.getDict().getKey("/ColorSpace");
    EXPECT_EQ(space.getArrayItem(0).getName(), "/Indexed");
    EXPECT_EQ(space.getArrayItem(2).getIntValue(), (1 << bits) - 1);
    EXPECT_EQ(space.getArrayItem(3).getStringValue(), text_of(wish.palette));
    EXPECT_EQ(samples_of(put.image), wish.samples);
  }
}

TEST(PngTest, APaletteThatIsTooShortIsBlackBeyondItsEnd) {
  PngWish wish;
  wish.width = 2;
  wish.height = 1;
  wish.colour_type = PNG_COLOR_TYPE_PALETTE;
  wish.bits = 4;
  wish.palette = {1, 2, 3, 4, 5, 6};
  wish.samples = {0x01};
  Put put(png_file(wish));
  EXPECT_EQ(put.image.getDict().getKey("/ColorSpace").getArrayItem(3).getStringValue().size(), 48U);
}

TEST(PngTest, AnInterlacedImageIsTheSameImage) {
  for (const int type : {PNG_COLOR_TYPE_GRAY, PNG_COLOR_TYPE_RGB, PNG_COLOR_TYPE_RGB_ALPHA}) {
    PngWish wish = wish_of(type, 8,
                           type == PNG_COLOR_TYPE_GRAY  ? 8
                           : type == PNG_COLOR_TYPE_RGB ? 24
                                                        : 32);
    Put plain(png_file(wish));
    wish.interlaced = true;
    Put interlaced(png_file(wish));
    EXPECT_EQ(samples_of(interlaced.image), samples_of(plain.image));
  }
}

// Two pixels: half transparent red, and one that is transparent altogether.
PngWish transparent() {
  PngWish wish;
  wish.width = 2;
  wish.height = 1;
  wish.colour_type = PNG_COLOR_TYPE_RGB_ALPHA;
  wish.samples = {255, 0, 0, 128, 0, 255, 0, 0};
  return wish;
}

TEST(PngTest, AlphaBecomesASoftMask) {
  Put put(png_file(transparent()));
  EXPECT_EQ(samples_of(put.image), (Bytes{255, 0, 0, 0, 255, 0}));
  QPDFObjectHandle mask = put.image.getDict().getKey("/SMask");
  EXPECT_EQ(mask.getDict().getKey("/ColorSpace").getName(), "/DeviceGray");
  EXPECT_EQ(samples_of(mask), (Bytes{128, 0}));
}

TEST(PngTest, WithoutTransparencyItLiesOverWhiteAndIsCutOut) {
  for (const Demands& demands :
       {Demands{1, IntentSpace::rgb}, Demands{2, IntentSpace::none}, Demands{3, {}}}) {
    Put put(png_file(transparent()), demands);
    EXPECT_FALSE(put.image.getDict().hasKey("/SMask"));
    EXPECT_EQ(samples_of(put.image), (Bytes{255, 127, 127, 255, 255, 255}));
    QPDFObjectHandle mask = put.image.getDict().getKey("/Mask");
    EXPECT_TRUE(mask.getDict().getKey("/ImageMask").getBoolValue());
    EXPECT_EQ(samples_of(mask), Bytes{0x40});
  }
  Put put(png_file(transparent()), {2, IntentSpace::rgb});
  EXPECT_TRUE(put.image.getDict().hasKey("/SMask"));
}

TEST(PngTest, AnImageThatIsOpaqueHasNoMask) {
  Put put(testing::plain_png(3, 3, 0x112233FF));
  EXPECT_FALSE(put.image.getDict().hasKey("/SMask"));
  EXPECT_FALSE(
      Image::from(testing::plain_png(3, 3, 0x112233FF), "a").value()->is_transparent_in({}));
  Put flat(testing::plain_png(3, 3, 0x11223380), {1, IntentSpace::rgb});
  EXPECT_FALSE(flat.image.getDict().hasKey("/Mask"));
}

TEST(PngTest, GrayWithAlphaAndTransparentColoursAreMaskedToo) {
  PngWish gray;
  gray.width = 2;
  gray.height = 1;
  gray.colour_type = PNG_COLOR_TYPE_GRAY_ALPHA;
  gray.samples = {10, 20, 30, 255};
  Put put(png_file(gray));
  EXPECT_EQ(put.space(), "/DeviceGray");
  EXPECT_EQ(samples_of(put.image.getDict().getKey("/SMask")), (Bytes{20, 255}));
  for (const int bits : {1, 2, 4, 8, 16}) {
    PngWish one = wish_of(PNG_COLOR_TYPE_GRAY, bits, static_cast<std::size_t>(bits));
    one.transparent = 1;
    one.samples.assign(one.samples.size(), 0);
    one.samples[bits == 16 ? 1 : 0] =
        static_cast<std::uint8_t>(bits >= 8 ? 1U : 1U << static_cast<unsigned>(8 - bits));
    Put keyed(png_file(one));
    const Bytes mask = samples_of(keyed.image.getDict().getKey("/SMask"));
    EXPECT_EQ(mask[0], 0) << bits;
    EXPECT_EQ(mask[1], 255) << bits;
  }
  PngWish palette = wish_of(PNG_COLOR_TYPE_PALETTE, 4, 4);
  palette.palette.assign(48, 9);
  palette.palette_alpha = {0, 77};
  palette.samples.assign(32, 0x01);
  Put from_palette(png_file(palette));
  EXPECT_EQ(from_palette.space(), "/DeviceRGB");
  EXPECT_EQ(samples_of(from_palette.image.getDict().getKey("/SMask"))[1], 77);
}

TEST(PngTest, PdfaWithoutAnIntentGetsColoursThatNeedNone) {
  Put rgb(png_file(wish_of(PNG_COLOR_TYPE_RGB, 8, 24)), {2, IntentSpace::cmyk});
  EXPECT_EQ(rgb.image.getDict().getKey("/ColorSpace").getArrayItem(0).getName(), "/ICCBased");
  Put gray(png_file(wish_of(PNG_COLOR_TYPE_GRAY, 8, 8)), {1, IntentSpace::none});
  EXPECT_EQ(gray.image.getDict().getKey("/ColorSpace").getArrayItem(0).getName(), "/ICCBased");
}

TEST(PngTest, DamagedFilesAreRefused) {
  const Bytes whole = png_file(wish_of(PNG_COLOR_TYPE_RGB, 8, 24));
  EXPECT_EQ(png_refusal({}), "the image test.png is neither PNG nor JPEG");
  EXPECT_EQ(png_refusal(Bytes(100, 'a')), "the image test.png is neither PNG nor JPEG");
  for (std::size_t size = 8; size < whole.size(); ++size) {
    Bytes cut = whole;
    cut.resize(size);
    EXPECT_THAT(png_refusal(cut), HasSubstr("cannot be read: the file ends too early")) << size;
  }
  for (std::size_t i = 8; i < whole.size(); ++i) {
    Bytes changed = whole;
    changed[i] ^= 0x10;
    EXPECT_NE(png_refusal(changed), "") << i;  // every chunk has a checksum
  }
}

TEST(PngTest, LyingHeadersAreRefusedBeforeMemoryIsTaken) {
  const Bytes whole = png_file(wish_of(PNG_COLOR_TYPE_RGB, 8, 24));
  // 2^24 + 8 pixels wide, and 2^16 + 8 pixels high and wide.
  EXPECT_NE(png_refusal(testing::with_chunk_byte(whole, "IHDR", 0, 1)), "");
  Bytes large = testing::with_chunk_byte(whole, "IHDR", 1, 1);
  large = testing::with_chunk_byte(large, "IHDR", 5, 1);
  EXPECT_THAT(png_refusal(large),
              HasSubstr("has 65544 x 65544 pixels; at most 16777216 are taken"));
  Bytes interlaced = testing::with_chunk_byte(whole, "IHDR", 2, 0x0F);
  interlaced = testing::with_chunk_byte(interlaced, "IHDR", 6, 0x0F);
  interlaced = testing::with_chunk_byte(interlaced, "IHDR", 12, 1);
  EXPECT_THAT(png_refusal(interlaced), HasSubstr("is interlaced and has 3848 x 3848 pixels"));
  // Taller than there are samples.
  EXPECT_THAT(png_refusal(testing::with_chunk_byte(whole, "IHDR", 6, 1)),
              HasSubstr("cannot be read"));
}

TEST(PngTest, ALargeImageIsReadRowByRow) {
  PngWish wish;
  wish.width = 4096;
  wish.height = 4096;
  wish.colour_type = PNG_COLOR_TYPE_GRAY;
  wish.bits = 1;
  wish.samples.assign(4096UL * 512, 0xAA);
  Put put(png_file(wish));
  EXPECT_EQ(samples_of(put.image).size(), 4096UL * 512);
}

}  // namespace
}  // namespace signet::pdf::look
