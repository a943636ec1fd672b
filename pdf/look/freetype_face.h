// FreeType, which says what HarfBuzz does not: a font's licence bits, its names, and the CIDs of CFF fonts.
#ifndef SIGNET_PDF_LOOK_FREETYPE_FACE_H_
#define SIGNET_PDF_LOOK_FREETYPE_FACE_H_

#include <ft2build.h>

#include <optional>

#include "common/bytes.h"
// clang-format off
#include FT_FREETYPE_H
// clang-format on

namespace signet::pdf::look {

// Has a library of its own, so it belongs to one thread at a time. `file` must outlive it.
class FreeTypeFace {
 public:
  // None: FreeType cannot read it.
  static std::optional<FreeTypeFace> open(ByteView file);

  FreeTypeFace(FreeTypeFace&& other) noexcept;
  FreeTypeFace(const FreeTypeFace&) = delete;
  FreeTypeFace& operator=(FreeTypeFace&&) = delete;
  FreeTypeFace& operator=(const FreeTypeFace&) = delete;
  ~FreeTypeFace();

  FT_Face get() const { return face_; }

 private:
  FreeTypeFace(FT_Library library, FT_Face face) : library_(library), face_(face) {}

  FT_Library library_;
  FT_Face face_;
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_FREETYPE_FACE_H_
