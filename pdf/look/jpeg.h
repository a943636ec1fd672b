// JPEG files, which PDF takes as they are (/DCTDecode).
#ifndef SIGNET_PDF_LOOK_JPEG_H_
#define SIGNET_PDF_LOOK_JPEG_H_

#include <cstdint>
#include <string>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::pdf::look {

struct JpegImage {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  int components = 3;      // 1: gray, 3: RGB, 4: CMYK
  bool inverted = false;   // CMYK as Adobe's programs write it: 0 is full ink
  bool plain_rgb = false;  // not transformed to YCbCr, and no Adobe marker that says so
  Bytes profile;           // the ICC profile in it; empty: none
  std::size_t size = 0;    // of the image in the file; what follows its end is not part of it
};

// Baseline and progressive, 8 bits; looked at to its end, so that a damaged or truncated one is refused. The error says
// what is wrong with the file.
Result<JpegImage, std::string> read_jpeg(ByteView file);

bool is_jpeg(ByteView file);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_JPEG_H_
