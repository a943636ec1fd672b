// Where a seal's box lies on a page: given as the page is seen, wanted as its coordinates have it. Arithmetic alone.
#ifndef SIGNET_PDF_LOOK_PLACEMENT_H_
#define SIGNET_PDF_LOOK_PLACEMENT_H_

#include <cstdint>
#include <optional>
#include <string_view>

#include "pdf/look/error.h"

namespace signet::pdf::look {

// A rectangle of PDF, in the page's units; either pair of opposite corners (ISO 32000-1, 7.9.5).
struct PageBox {
  double left = 0;
  double bottom = 0;
  double right = 0;
  double top = 0;
};

// What a page says of itself, by itself or inherited.
struct PageShape {
  PageBox media;                // /MediaBox
  std::optional<PageBox> crop;  // /CropBox
  int rotate = 0;               // /Rotate: degrees clockwise, any multiple of 90
  double user_unit = 1;         // /UserUnit: points for each of the page's units
};

enum class Corner : std::uint8_t { bottom_left, bottom_right, top_left, top_right };

// Points (1/72 inch) of the page as it is seen. `x` and `y` are the distances of the box's corner from the same corner of
// the page.
struct Position {
  Corner corner = Corner::bottom_right;
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

struct Placement {
  PageBox rectangle;  // the widget's /Rect
  double width = 0;   // points, of the box as it is seen
  double height = 0;
  int rotate = 0;  // of the page: 0, 90, 180, 270
};

// Fault::place: the box has no size or is not wholly on the visible part of the page (the crop box within the media
// box), or the page's geometry makes no sense.
LookResult<Placement> place(const PageShape& page, const Position& position);

// The box of a field that is there already, by its /Rect; it may lie anywhere.
LookResult<Placement> placement_of(const PageShape& page, const PageBox& rectangle);

// Points: "36", "36pt", "12.7mm", "1.27cm", "0.5in"; none where it is no length, negative, or beyond 14,400 points.
std::optional<double> parse_length(std::string_view text);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_PLACEMENT_H_
