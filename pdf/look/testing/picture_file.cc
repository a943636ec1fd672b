#include "pdf/look/testing/picture_file.h"

#include <png.h>

#include <cstdio>
#include <cstdlib>
#include <stdexcept>
#include <vector>
// clang-format off
#include <jpeglib.h>
// clang-format on

namespace signet::pdf::look::testing {

namespace {

void collect(png_structp png, png_bytep data, std::size_t size) {
  auto& file = *static_cast<Bytes*>(png_get_io_ptr(png));
  file.insert(file.end(), data, data + size);
}

std::size_t channels_of(int colour_type) {
  switch (colour_type) {
    case PNG_COLOR_TYPE_RGB:
      return 3;
    case PNG_COLOR_TYPE_RGB_ALPHA:
      return 4;
    case PNG_COLOR_TYPE_GRAY_ALPHA:
      return 2;
    default:
      return 1;
  }
}

void set_palette(png_structp png, png_infop info, const PngWish& wish) {
  if (wish.palette.empty()) return;
  std::vector<png_color> entries;
  for (std::size_t i = 0; i + 2 < wish.palette.size(); i += 3) {
    entries.push_back({wish.palette[i], wish.palette[i + 1], wish.palette[i + 2]});
  }
  png_set_PLTE(png, info, entries.data(), static_cast<int>(entries.size()));
}

void set_transparency(png_structp png, png_infop info, const PngWish& wish) {
  if (!wish.palette_alpha.empty()) {
    png_set_tRNS(png, info, wish.palette_alpha.data(), static_cast<int>(wish.palette_alpha.size()),
                 nullptr);
  }
  if (wish.transparent < 0) return;
  const auto value = static_cast<png_uint_16>(wish.transparent);
  const png_color_16 colour = {0, value, value, value, value};
  png_set_tRNS(png, info, nullptr, 1, &colour);
}

J_COLOR_SPACE colour_space_of(int components) {
  switch (components) {
    case 1:
      return JCS_GRAYSCALE;
    case 3:
      return JCS_RGB;
    case 4:
      return JCS_CMYK;
    default:
      return JCS_UNKNOWN;
  }
}

}  // namespace

Bytes png_file(const PngWish& wish) {
  Bytes file;
  png_structp png = png_create_write_struct(PNG_LIBPNG_VER_STRING, nullptr, nullptr, nullptr);
  png_infop info = png_create_info_struct(png);
  png_set_write_fn(png, &file, collect, nullptr);
  png_set_IHDR(png, info, wish.width, wish.height, wish.bits, wish.colour_type,
               wish.interlaced ? PNG_INTERLACE_ADAM7 : PNG_INTERLACE_NONE,
               PNG_COMPRESSION_TYPE_DEFAULT, PNG_FILTER_TYPE_DEFAULT);
  set_palette(png, info, wish);
  set_transparency(png, info, wish);
  png_write_info(png, info);
  const std::size_t bits =
      wish.width * channels_of(wish.colour_type) * static_cast<std::size_t>(wish.bits);
  const std::size_t row = (bits + 7) / 8;
  if (wish.samples.size() != row * wish.height) throw std::logic_error("samples do not fit");
  Bytes samples = wish.samples;
  std::vector<png_bytep> rows;
  for (std::uint32_t y = 0; y < wish.height; ++y) rows.push_back(&samples[y * row]);
  png_write_image(png, rows.data());
  png_write_end(png, info);
  png_destroy_write_struct(&png, &info);
  return file;
}

Bytes jpeg_file(const JpegWish& wish) {
  jpeg_compress_struct jpeg{};
  jpeg_error_mgr errors{};
  jpeg.err = jpeg_std_error(&errors);
  jpeg_create_compress(&jpeg);
  unsigned char* memory = nullptr;
  unsigned long size = 0;  // NOLINT(google-runtime-int): libjpeg's
  jpeg_mem_dest(&jpeg, &memory, &size);
  jpeg.image_width = wish.width;
  jpeg.image_height = wish.height;
  jpeg.input_components = wish.components;
  jpeg.in_color_space = colour_space_of(wish.components);
  jpeg_set_defaults(&jpeg);
  jpeg_set_quality(&jpeg, 95, TRUE);
  if (wish.progressive) jpeg_simple_progression(&jpeg);
  if (wish.plain_rgb) {
    jpeg_set_colorspace(&jpeg, JCS_RGB);
    jpeg.write_Adobe_marker = FALSE;
  }
  if (!wish.adobe) jpeg.write_Adobe_marker = FALSE;
  jpeg.arith_code = wish.arithmetic ? TRUE : FALSE;
  jpeg_start_compress(&jpeg, TRUE);
  if (!wish.profile.empty()) {
    jpeg_write_icc_profile(&jpeg, wish.profile.data(), static_cast<unsigned>(wish.profile.size()));
  }
  Bytes samples = wish.samples;
  const std::size_t row = std::size_t{wish.width} * static_cast<std::size_t>(wish.components);
  while (jpeg.next_scanline < jpeg.image_height) {
    JSAMPROW start = &samples.at(jpeg.next_scanline * row);
    jpeg_write_scanlines(&jpeg, &start, 1);
  }
  jpeg_finish_compress(&jpeg);
  Bytes file(memory, memory + size);
  jpeg_destroy_compress(&jpeg);
  std::free(memory);
  return file;
}

Bytes plain_png(std::uint32_t width, std::uint32_t height, std::uint32_t rgba) {
  PngWish wish;
  wish.width = width;
  wish.height = height;
  wish.colour_type = PNG_COLOR_TYPE_RGB_ALPHA;
  for (std::size_t i = 0; i < std::size_t{width} * height; ++i) {
    for (const unsigned shift : {24U, 16U, 8U, 0U}) {
      wish.samples.push_back(static_cast<std::uint8_t>(rgba >> shift));
    }
  }
  return png_file(wish);
}

}  // namespace signet::pdf::look::testing
