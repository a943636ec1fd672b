#include "pdf/look/subset.h"

#include <fmt/format.h>
#include <hb-subset.h>

#include <array>
#include <optional>

#include "pdf/look/freetype_face.h"
// clang-format off
#include FT_CID_H
// clang-format on

namespace signet::pdf::look {

namespace {

using BlobPtr = HarfBuzzPtr<hb_blob_t, hb_blob_destroy>;
using InputPtr = HarfBuzzPtr<hb_subset_input_t, hb_subset_input_destroy>;
using PlanPtr = HarfBuzzPtr<hb_subset_plan_t, hb_subset_plan_destroy>;

// A font in a PDF document is asked for outlines and widths by glyph, and for nothing else. Without the tables of variable
// fonts it is their default instance, in which the text was shaped.
constexpr std::array<hb_tag_t, 20> kNotNeeded = {
    HB_TAG('G', 'S', 'U', 'B'), HB_TAG('G', 'P', 'O', 'S'), HB_TAG('G', 'D', 'E', 'F'),
    HB_TAG('k', 'e', 'r', 'n'), HB_TAG('n', 'a', 'm', 'e'), HB_TAG('p', 'o', 's', 't'),
    HB_TAG('O', 'S', '/', '2'), HB_TAG('c', 'm', 'a', 'p'), HB_TAG('V', 'O', 'R', 'G'),
    HB_TAG('v', 'h', 'e', 'a'), HB_TAG('v', 'm', 't', 'x'), HB_TAG('f', 'v', 'a', 'r'),
    HB_TAG('a', 'v', 'a', 'r'), HB_TAG('g', 'v', 'a', 'r'), HB_TAG('c', 'v', 'a', 'r'),
    HB_TAG('H', 'V', 'A', 'R'), HB_TAG('V', 'V', 'A', 'R'), HB_TAG('M', 'V', 'A', 'R'),
    HB_TAG('S', 'T', 'A', 'T'), HB_TAG('D', 'S', 'I', 'G'),
};

Error not_made(const Font& font) {
  return {Fault::font, fmt::format("no subset of the font {} can be made: its outlines are damaged",
                                   font.name())};
}

InputPtr input_for(const std::set<std::uint32_t>& glyphs) {
  InputPtr input(hb_subset_input_create_or_fail());
  if (!input) return input;
  hb_set_t* const wanted = hb_subset_input_glyph_set(input.get());
  hb_set_add(wanted, 0);
  for (const std::uint32_t glyph : glyphs) hb_set_add(wanted, glyph);
  hb_set_t* const dropped = hb_subset_input_set(input.get(), HB_SUBSET_SETS_DROP_TABLE_TAG);
  for (const hb_tag_t tag : kNotNeeded) hb_set_add(dropped, tag);
  hb_subset_input_set_flags(input.get(),
                            HB_SUBSET_FLAGS_NO_HINTING | HB_SUBSET_FLAGS_NOTDEF_OUTLINE);
  return input;
}

Bytes bytes_of(hb_blob_t* blob) {
  unsigned size = 0;
  const char* const data = hb_blob_get_data(blob, &size);
  return copy_of(view_of({data, size}));
}

// CID-keyed CFF fonts number their glyphs by a table of their own; in all others the CID is the glyph's index.
class CidTable {
 public:
  CidTable(Outlines outlines, ByteView file) {
    if (outlines == Outlines::truetype) return;
    face_ = FreeTypeFace::open(file);
    FT_Bool keyed = 0;
    if (!face_ || FT_Get_CID_Is_Internally_CID_Keyed(face_->get(), &keyed) != 0 || keyed == 0) {
      face_.reset();
    }
  }

  std::optional<Cid> cid_of(std::uint32_t glyph) const {
    FT_UInt cid = glyph;
    if (face_ && FT_Get_CID_From_Glyph_Index(face_->get(), glyph, &cid) != 0) return std::nullopt;
    if (cid > 0xFFFF) return std::nullopt;
    return static_cast<Cid>(cid);
  }

 private:
  std::optional<FreeTypeFace> face_;
};

LookResult<Subset> described_subset(const Font& font, const hb_map_t* old_glyphs, unsigned count,
                                    const std::set<std::uint32_t>& wanted, const CidTable& table) {
  Subset subset;
  for (unsigned glyph = 0; glyph < count; ++glyph) {
    const std::optional<Cid> cid = table.cid_of(glyph);
    const hb_codepoint_t old = hb_map_get(old_glyphs, glyph);
    if (!cid || old == HB_MAP_VALUE_INVALID) return not_made(font);
    subset.advances[*cid] = hb_font_get_glyph_h_advance(font.font(), old);
    if (old == 0 || wanted.contains(old)) subset.cids[old] = *cid;
  }
  if (subset.cids.size() != wanted.size() + (wanted.contains(0) ? 0U : 1U)) return not_made(font);
  return subset;
}

}  // namespace

LookResult<Subset> subset_of(const Font& font, const std::set<std::uint32_t>& glyphs) {
  const InputPtr input = input_for(glyphs);
  if (!input) return not_made(font);
  const PlanPtr plan(hb_subset_plan_create_or_fail(font.face(), input.get()));
  if (!plan) return not_made(font);
  const FacePtr face(hb_subset_plan_execute_or_fail(plan.get()));
  if (!face) return not_made(font);
  const BlobPtr blob(hb_face_reference_blob(face.get()));
  Bytes file = bytes_of(blob.get());
  BOOST_OUTCOME_TRY(Subset subset,
                    described_subset(font, hb_subset_plan_new_to_old_glyph_mapping(plan.get()),
                                     hb_face_get_glyph_count(face.get()), glyphs,
                                     CidTable(font.outlines(), file)));
  if (font.outlines() == Outlines::cff) {
    const BlobPtr table(hb_face_reference_table(face.get(), HB_TAG('C', 'F', 'F', ' ')));
    file = bytes_of(table.get());
  }
  if (file.empty()) return not_made(font);
  subset.program = std::move(file);
  return subset;
}

}  // namespace signet::pdf::look
