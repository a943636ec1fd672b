#include "pdf/look/font.h"

#include <fmt/format.h>
#include <hb-ot.h>

#include <cctype>
#include <utility>

#include "common/bounded_file.h"
#include "common/printable.h"
#include "pdf/look/font_tables.h"
#include "pdf/look/freetype_face.h"
// clang-format off
#include FT_TRUETYPE_TABLES_H
// clang-format on

namespace signet::pdf::look {

namespace {

using BlobPtr = HarfBuzzPtr<hb_blob_t, hb_blob_destroy>;

Error refused_font(const std::string& source, std::string_view why) {
  return {Fault::font, fmt::format("the font {} {}", printable(source), why)};
}

bool has_table(hb_face_t* face, hb_tag_t tag) {
  const BlobPtr table(hb_face_reference_table(face, tag));
  return hb_blob_get_length(table.get()) > 0;
}

// The OpenType specification's fsType. Where several of the bits 1 to 3 are set, the least restrictive counts; none of
// them: there is no restriction.
LookResult<void> check_licence(FT_Face face, const std::string& source) {
  const unsigned bits = FT_Get_FSType_Flags(face);
  constexpr unsigned allowing =
      FT_FSTYPE_PREVIEW_AND_PRINT_EMBEDDING | FT_FSTYPE_EDITABLE_EMBEDDING;
  if ((bits & FT_FSTYPE_RESTRICTED_LICENSE_EMBEDDING) != 0 && (bits & allowing) == 0) {
    return refused_font(source, "may not be embedded: its licence bits say so (OS/2 fsType 2)");
  }
  if ((bits & FT_FSTYPE_NO_SUBSETTING) != 0) {
    return refused_font(
        source, "may be embedded as a whole only: its licence bits say so (OS/2 fsType 0x100)");
  }
  if ((bits & FT_FSTYPE_BITMAP_EMBEDDING_ONLY) != 0) {
    return refused_font(
        source, "may be embedded as pictures only: its licence bits say so (OS/2 fsType 0x200)");
  }
  return success();
}

std::string clean_name(const char* name) {
  std::string clean;
  for (const char* c = name; c != nullptr && *c != 0 && clean.size() < 63; ++c) {
    if (std::isalnum(static_cast<unsigned char>(*c)) != 0 || *c == '-') clean += *c;
  }
  return clean.empty() ? "Font" : clean;
}

FontMetrics metrics_of(FT_Face face, hb_font_t* font) {
  FontMetrics metrics;
  metrics.units_per_em = face->units_per_EM;
  hb_font_extents_t extents{};
  hb_font_get_h_extents(font, &extents);
  metrics.ascent = extents.ascender;
  metrics.descent = extents.descender;
  metrics.line_gap = extents.line_gap;
  hb_position_t cap_height = 0;
  hb_ot_metrics_get_position_with_fallback(font, HB_OT_METRICS_TAG_CAP_HEIGHT, &cap_height);
  metrics.cap_height = cap_height;
  metrics.left = static_cast<int>(face->bbox.xMin);
  metrics.bottom = static_cast<int>(face->bbox.yMin);
  metrics.right = static_cast<int>(face->bbox.xMax);
  metrics.top = static_cast<int>(face->bbox.yMax);
  const auto* const post = static_cast<const TT_Postscript*>(FT_Get_Sfnt_Table(face, FT_SFNT_POST));
  if (post != nullptr) metrics.italic_angle = static_cast<double>(post->italicAngle) / 65536;
  metrics.fixed_pitch = FT_IS_FIXED_WIDTH(face) != 0;
  return metrics;
}

}  // namespace

LookResult<std::shared_ptr<const Font>> Font::open(const std::filesystem::path& file) {
  auto read = read_file(file, kMostBytes);
  if (!read) return Error{Fault::font, read.error().sentence};
  return from(std::move(read.value()), file.string());
}

LookResult<std::shared_ptr<const Font>> Font::open_default() {
  auto font = open(kDefaultFile);
  if (!font)
    return Error{
        Fault::font,
        font.error().sentence + "; install the package fonts-dejavu-core, or choose another font"};
  return font;
}

LookResult<std::shared_ptr<const Font>> Font::from(Bytes file, const std::string& source) {
  const std::shared_ptr<Font> font(new Font);
  font->file_ = std::move(file);
  const BlobPtr blob(hb_blob_create(reinterpret_cast<const char*>(font->file_.data()),
                                    static_cast<unsigned>(font->file_.size()),
                                    HB_MEMORY_MODE_READONLY, nullptr, nullptr));
  font->face_.reset(hb_face_create(blob.get(), 0));
  font->font_.reset(hb_font_create(font->face_.get()));
  BOOST_OUTCOME_TRY(font->read_facts(source));
  hb_face_make_immutable(font->face_.get());
  hb_font_make_immutable(font->font_.get());
  return std::shared_ptr<const Font>(font);
}

LookResult<void> Font::read_facts(const std::string& source) {
  const auto face = FreeTypeFace::open(file_);
  if (!face || hb_face_get_glyph_count(face_.get()) == 0 || !FT_IS_SFNT(face->get())) {
    return refused_font(source, "cannot be read: it is neither TrueType nor OpenType, or damaged");
  }
  const bool truetype = has_table(face_.get(), HB_TAG('g', 'l', 'y', 'f'));
  if (!truetype && !has_table(face_.get(), HB_TAG('C', 'F', 'F', ' '))) {
    return refused_font(source, "has no outlines of a form that PDF knows (glyf or CFF)");
  }
  if (const std::string table = damaged_table(file_); !table.empty())
    return refused_font(source, fmt::format("is damaged: its table {} is not what the font's "
                                            "directory says of it",
                                            printable(table)));
  BOOST_OUTCOME_TRY(check_licence(face->get(), source));
  const int units = static_cast<int>(face->get()->units_per_EM);
  if (units < 16 || units > 16384) return refused_font(source, "has no size of its em square");
  outlines_ = truetype ? Outlines::truetype : Outlines::cff;
  name_ = clean_name(FT_Get_Postscript_Name(face->get()));
  hb_font_set_scale(font_.get(), units, units);
  metrics_ = metrics_of(face->get(), font_.get());
  if (metrics_.ascent - metrics_.descent <= 0)
    return refused_font(source, "has no height of its lines");
  return success();
}

}  // namespace signet::pdf::look
