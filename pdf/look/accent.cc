#include "pdf/look/accent.h"

#include <algorithm>
#include <vector>

namespace signet::pdf::look {

bool stands_beside(std::span<const Ink> parts) {
  Ink before;
  for (const Ink& part : parts) {
    if (part.left >= part.right) continue;
    if (before.left == before.right) {
      before = part;
      continue;
    }
    if (part.left >= before.right || part.right <= before.left) return true;
    before = {std::min(before.left, part.left), std::max(before.right, part.right)};
  }
  return false;
}

bool lacks_place_for_accent(const Cluster& cluster, const Font& font) {
  hb_codepoint_t own = 0;
  if (cluster.text.size() != 1 || cluster.glyphs.size() < 2 ||
      hb_font_get_nominal_glyph(font.font(), cluster.text.front(), &own) != 0) {
    return false;
  }
  std::vector<Ink> parts;
  std::int32_t pen = 0;
  for (const Glyph& glyph : cluster.glyphs) {
    hb_glyph_extents_t extents{};
    hb_font_get_glyph_extents(font.font(), glyph.id, &extents);
    const std::int32_t left = pen + glyph.x_offset + extents.x_bearing;
    parts.push_back({left, left + extents.width});
    pen += glyph.advance;
  }
  return stands_beside(parts);
}

}  // namespace signet::pdf::look
