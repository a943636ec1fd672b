#include "pdf/look/freetype_face.h"

namespace signet::pdf::look {

std::optional<FreeTypeFace> FreeTypeFace::open(ByteView file) {
  FT_Library library = nullptr;
  if (FT_Init_FreeType(&library) != 0) return std::nullopt;
  FT_Face face = nullptr;
  if (FT_New_Memory_Face(library, file.data(), static_cast<FT_Long>(file.size()), 0, &face) != 0) {
    FT_Done_FreeType(library);
    return std::nullopt;
  }
  return FreeTypeFace(library, face);
}

}  // namespace signet::pdf::look
