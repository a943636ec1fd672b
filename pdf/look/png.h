// PNG files as the streams of image XObjects (ISO 32000-1, 8.9.5): the samples are compressed as PNG does it, which
// /FlateDecode with /Predictor 15 undoes.
#ifndef SIGNET_PDF_LOOK_PNG_H_
#define SIGNET_PDF_LOOK_PNG_H_

#include <cstdint>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::pdf::look {

inline constexpr std::uint32_t kMostPixels = 1U << 24U;  // of an image
inline constexpr std::size_t kMostInterlacedBytes =
    32UL << 20U;  // decoded: an interlaced one is held as a whole

enum class Samples : std::uint8_t { gray, rgb, palette };

// One stream of samples.
struct Plane {
  Samples samples = Samples::gray;
  int bits = 8;   // for each component: 1, 2, 4, 8
  Bytes palette;  // three bytes for each entry, 2^bits entries
  Bytes data;     // deflated
};

struct PngImage {
  std::uint32_t width = 0;
  std::uint32_t height = 0;
  Plane colours;
  // Of an image that is not opaque everywhere; the colours are as in the file.
  std::optional<Plane> alpha;
  // The same image for documents without transparency: the colours as they are over white, and 1 bit where nothing is
  // to be drawn.
  std::optional<Plane> flat_colours;
  std::optional<Plane> mask;
};

// All colour types, depths (16 bits become 8) and interlacing. The error says what is wrong with the file.
Result<PngImage, std::string> read_png(ByteView file);

bool is_png(ByteView file);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_PNG_H_
