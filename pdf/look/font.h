// A font as a seal needs it: glyphs for characters, their measures, and whether it may be put into a document.
#ifndef SIGNET_PDF_LOOK_FONT_H_
#define SIGNET_PDF_LOOK_FONT_H_

#include <hb.h>

#include <cstdint>
#include <filesystem>
#include <memory>
#include <string>

#include "common/bytes.h"
#include "pdf/look/error.h"

namespace signet::pdf::look {

template <typename T, void (*Destroy)(T*)>
struct HarfBuzzFree {
  void operator()(T* object) const noexcept { Destroy(object); }
};
template <typename T, void (*Destroy)(T*)>
using HarfBuzzPtr = std::unique_ptr<T, HarfBuzzFree<T, Destroy>>;
using FacePtr = HarfBuzzPtr<hb_face_t, hb_face_destroy>;
using HbFontPtr = HarfBuzzPtr<hb_font_t, hb_font_destroy>;

enum class Outlines {
  truetype,  // table glyf
  cff,       // table CFF
};

// In units of the em square, y upwards.
struct FontMetrics {
  int units_per_em = 1000;
  int ascent = 0;
  int descent = 0;  // negative
  int line_gap = 0;
  int cap_height = 0;
  int left = 0;  // the box around all glyphs
  int bottom = 0;
  int right = 0;
  int top = 0;
  double italic_angle = 0;  // degrees, counter-clockwise from the vertical
  bool fixed_pitch = false;
};

// Immutable, and usable by several threads at once.
class Font {
 public:
  static constexpr std::size_t kMostBytes = 64UL << 20U;  // of a font's file

  // The default: DejaVu Sans, of Debian's package fonts-dejavu-core.
  static constexpr const char* kDefaultFile = "/usr/share/fonts/truetype/dejavu/DejaVuSans.ttf";

  // A TrueType or OpenType file; of a collection its first font. Fault::font: it cannot be read, or is damaged (font_tables.h); it has no outlines (fonts
  // of pictures), or some that PDF has no form for (CFF2); its licence bits (OS/2 fsType) forbid embedding, subsets, or
  // outlines.
  static LookResult<std::shared_ptr<const Font>> open(const std::filesystem::path& file);
  // kDefaultFile; the sentence says which package has it.
  static LookResult<std::shared_ptr<const Font>> open_default();
  // `source` is what sentences call it.
  static LookResult<std::shared_ptr<const Font>> from(Bytes file, const std::string& source);

  const std::string& name() const { return name_; }  // PostScript name; [A-Za-z0-9-], not empty
  Outlines outlines() const { return outlines_; }
  const FontMetrics& metrics() const { return metrics_; }

  hb_face_t* face() const { return face_.get(); }
  // Scaled to the units of the em square.
  hb_font_t* font() const { return font_.get(); }

 private:
  Font() = default;

  LookResult<void> read_facts(const std::string& source);

  Bytes file_;  // what face_ looks at
  FacePtr face_;
  HbFontPtr font_;
  std::string name_;
  Outlines outlines_ = Outlines::truetype;
  FontMetrics metrics_;
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_FONT_H_
