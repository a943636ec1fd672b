// Why a visible seal cannot look as it was wished.
#ifndef SIGNET_PDF_LOOK_ERROR_H_
#define SIGNET_PDF_LOOK_ERROR_H_

#include <string>

#include "common/result.h"

namespace signet::pdf::look {

enum class Fault {
  text,       // the template or a value in it
  glyph,      // the font lacks a character
  size,       // the text does not fit into its box at the smallest size
  font,       // the font's file cannot be used
  image,      // the image's file cannot be used
  place,      // the box is not on the page, or has no size
  forbidden,  // the document's part of PDF/A does not allow it
};

struct Error {
  Fault fault = Fault::text;
  std::string sentence;  // for people: what is wrong, and where; printable
};

template <typename T>
using LookResult = Result<T, Error>;

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_ERROR_H_
