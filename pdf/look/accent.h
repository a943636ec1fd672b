// Accented letters that a font lacks, and that HarfBuzz puts together from a plain letter and accents: even where the font
// does not say where an accent goes. Then it stands beside the letter.
#ifndef SIGNET_PDF_LOOK_ACCENT_H_
#define SIGNET_PDF_LOOK_ACCENT_H_

#include <cstdint>
#include <span>

#include "pdf/look/font.h"
#include "pdf/look/paragraph.h"

namespace signet::pdf::look {

// Where something is black, from left to right; units of the em square. Empty: left == right.
struct Ink {
  std::int32_t left = 0;
  std::int32_t right = 0;
};

// Whether a part lies neither above nor below those before it. Empty parts do not count.
bool stands_beside(std::span<const Ink> parts);

// Whether the cluster is one letter that the font lacks, and an accent of it has no place.
bool lacks_place_for_accent(const Cluster& cluster, const Font& font);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_ACCENT_H_
