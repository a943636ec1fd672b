// A text set into a box, as large as it fits.
#ifndef SIGNET_PDF_LOOK_FIT_H_
#define SIGNET_PDF_LOOK_FIT_H_

#include <cstdint>
#include <string_view>
#include <vector>

#include "pdf/look/error.h"
#include "pdf/look/font.h"
#include "pdf/look/paragraph.h"

namespace signet::pdf::look {

enum class Align : std::uint8_t {
  start,  // across: where the paragraph begins (left, or right where it is written from there); down: the top
  middle,
  end,
};

struct TextStyle {
  double largest =
      12;  // points; the text is set in the largest size that fits, in steps of a quarter point
  double smallest = 4;
  Align across = Align::start;
  Align down = Align::middle;
};

// Points; the box's lower left corner is (0, 0).
struct PlacedLine {
  Line line;
  double x = 0;  // the left end
  double y = 0;  // the baseline
};

struct TextLayout {
  double size = 0;  // points
  std::vector<PlacedLine> lines;
};

// `text` is UTF-8, with "\n" between paragraphs; sizes are points. Lines end where UAX #14 has it; only where a word
// is wider than the box at every size, between letters too. Fault::size: it does not fit at the smallest size, or the sizes
// make no sense; Fault::glyph; Fault::text: more than kMostTextBytes (template.h).
LookResult<TextLayout> fit_text(std::string_view text, const Font& font, const TextStyle& style,
                                double width, double height);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_FIT_H_
