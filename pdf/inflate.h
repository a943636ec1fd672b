// Inflation with an end: a megabyte may become a gigabyte (ISO 32000-2, 7.4.4).
#ifndef SIGNET_PDF_INFLATE_H_
#define SIGNET_PDF_INFLATE_H_

#include <cstdint>
#include <functional>

#include "common/bytes.h"
#include "pdf/error.h"
#include "pdf/source.h"

namespace signet::pdf {

// Deflate makes at most 1,032 bytes of one.
inline constexpr std::uint64_t kMostInflation = 1032;

using TakePiece = std::function<PdfResult<void>(ByteView)>;

// Inflates `length` bytes at `offset`, piece by piece. Broken where they are no zlib stream, or come to more than `most`
// bytes. A stream that ends early is taken as far as it goes, as viewers do.
PdfResult<void> inflate(Window& window, std::uint64_t offset, std::uint64_t length,
                        std::uint64_t most, const TakePiece& take);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_INFLATE_H_
