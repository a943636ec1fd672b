// The part of a font that a seal's text uses.
#ifndef SIGNET_PDF_LOOK_SUBSET_H_
#define SIGNET_PDF_LOOK_SUBSET_H_

#include <cstdint>
#include <map>
#include <set>

#include "common/bytes.h"
#include "pdf/look/error.h"
#include "pdf/look/font.h"

namespace signet::pdf::look {

using Cid = std::uint16_t;

struct Subset {
  Bytes program;  // a TrueType file, or a CFF font by itself, as /FontFile2 and 3 want
  std::map<std::uint32_t, Cid>
      cids;  // of the font's glyph ids that were asked for, and of 0 (.notdef)
  std::map<Cid, std::int32_t> advances;  // of every glyph in `program`, units of the em square
};

// Glyphs are numbered again, so that the program is small; hinting, layout and names are left out. Fault::font where
// HarfBuzz cannot make it, as of damaged outlines.
LookResult<Subset> subset_of(const Font& font, const std::set<std::uint32_t>& glyphs);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_SUBSET_H_
