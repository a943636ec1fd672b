// PNG and JPEG files for tests, made from samples.
#ifndef SIGNET_PDF_LOOK_TESTING_PICTURE_FILE_H_
#define SIGNET_PDF_LOOK_TESTING_PICTURE_FILE_H_

#include <cstdint>

#include "common/bytes.h"

namespace signet::pdf::look::testing {

struct PngWish {
  std::uint32_t width = 4;
  std::uint32_t height = 4;
  int colour_type = 2;  // PNG_COLOR_TYPE_*
  int bits = 8;
  bool interlaced = false;
  Bytes palette;         // three bytes an entry
  Bytes palette_alpha;   // tRNS of a palette
  int transparent = -1;  // tRNS of gray and RGB: this value in each component
  Bytes samples;         // rows one after another, packed as PNG packs them
};

Bytes png_file(const PngWish& wish);

struct JpegWish {
  std::uint32_t width = 16;
  std::uint32_t height = 16;
  int components = 3;  // 1, 3, or 4 (written as Adobe's programs write CMYK: inverted)
  bool progressive = false;
  bool adobe = true;       // with Adobe's marker, of CMYK
  bool plain_rgb = false;  // components R, G, B, without any marker
  bool arithmetic = false;
  Bytes profile;
  Bytes samples;  // one byte a component
};

Bytes jpeg_file(const JpegWish& wish);

// 8-bit RGBA, of one colour.
Bytes plain_png(std::uint32_t width, std::uint32_t height, std::uint32_t rgba);

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_PICTURE_FILE_H_
