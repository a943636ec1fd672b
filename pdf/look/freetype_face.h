// FreeType, which says what HarfBuzz does not: a font's licence bits, its names, and the CIDs of CFF fonts.
#ifndef SIGNET_PDF_LOOK_FREETYPE_FACE_H_
#define SIGNET_PDF_LOOK_FREETYPE_FACE_H_

#include <ft2build.h>

#include <memory>
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

  FT_Face get() const { return face_.get(); }

 private:
  struct Free {
    void operator()(FT_Library library) const noexcept { FT_Done_FreeType(library); }
    void operator()(FT_Face face) const noexcept { FT_Done_Face(face); }
  };

  FreeTypeFace(FT_Library library, FT_Face face) : library_(library), face_(face) {}

  std::unique_ptr<FT_LibraryRec_, Free> library_;
  std::unique_ptr<FT_FaceRec_, Free> face_;  // goes first
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_FREETYPE_FACE_H_
