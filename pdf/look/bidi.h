// Which way text goes (the Unicode bidirectional algorithm, UAX #9), by FriBidi.
#ifndef SIGNET_PDF_LOOK_BIDI_H_
#define SIGNET_PDF_LOOK_BIDI_H_

#include <cstddef>
#include <cstdint>
#include <vector>

#include "pdf/look/characters.h"

namespace signet::pdf::look {

using Level = std::int8_t;  // even: from left to right

inline bool is_right_to_left(Level level) {
  return level % 2 != 0;
}

struct Directions {
  bool right_to_left = false;  // the paragraph: where its lines begin
  std::vector<Level> levels;   // one for each character
};

// Of one paragraph, without its line end. It goes the way of its first strong character outside isolates (P2), else of
// the first inside one.
Directions directions_of(CharacterView paragraph);

// Rule L2: the order, from left to right, in which the runs of a line are seen; indices into `levels`, which has each
// run's level in the order of the text.
std::vector<std::size_t> visual_order(const std::vector<Level>& levels);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_BIDI_H_
