// A content stream, operator by operator (ISO 32000-1, Annex A).
#ifndef SIGNET_PDF_LOOK_CONTENT_H_
#define SIGNET_PDF_LOOK_CONTENT_H_

#include <string>
#include <string_view>

#include "pdf/look/fit.h"
#include "pdf/look/subset.h"
#include "pdf/look/to_unicode.h"

namespace signet::pdf::look {

// As PDF writes it: no exponent, at most four decimals.
std::string number_text(double number);

class Content {
 public:
  void add(std::string_view operators) { text_ += operators; }

  // An image's unit square becomes this rectangle; points.
  void draw_image(std::string_view resource, double x, double y, double width, double height);

  // Text whose box has its lower left corner at (x, y).
  void draw_text(std::string_view resource, const TextLayout& layout, double x, double y,
                 const Font& font, const Subset& subset, const ToUnicode& meanings);

  const std::string& text() const { return text_; }

 private:
  std::string text_;
};

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_CONTENT_H_
