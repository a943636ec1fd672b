// A seal that is seen: where it goes in a document, and its appearance there (pdf/look).
#ifndef SIGNET_PDF_VISIBLE_SEAL_H_
#define SIGNET_PDF_VISIBLE_SEAL_H_

#include <array>
#include <cstddef>
#include <map>
#include <memory>
#include <string>
#include <tuple>

#include "pdf/document.h"
#include "pdf/error.h"
#include "pdf/look/appearance.h"
#include "pdf/object_sink.h"

namespace signet::pdf {

struct VisibleSeal {
  std::shared_ptr<const look::Look> look;
  look::Facts facts;
  // Of a new field; one that is there has its place.
  int page = 1;  // from the front; -1 is the last one
  look::Position position;
};

// The index of the page, for Document::page(). ErrorKind::settings where the document has no such page.
PdfResult<std::size_t> page_index(Document& document, const VisibleSeal& seal);

// The page that a field's widget is on: its /P, or the first page that lists it; null where neither says so. Of a document of
// more than 5,000 pages and nodes above them only the first ones are looked at.
PdfResult<QPDFObjectHandle> page_of(Document& document, QPDFObjectHandle widget);

// What hides a widget from readers whatever is drawn in it, as the end of a sentence; empty: nothing.
std::string how_hidden(QPDFObjectHandle widget);

// The widget's /Rect. ErrorKind::settings where the box is not on the page.
PdfResult<std::array<double, 4>> rectangle_on(Document& document, const QPDFObjectHandle& page,
                                              const VisibleSeal& seal);

// What the seal says, in one line, for those who do not see it; UTF-8. Empty where it has no text.
std::string spoken_text(const VisibleSeal& seal);

// Whose box a seal is in: that of a new field is the wish's.
enum class BoxOf { wish, document };

// Appearances of one signature's widgets; those of one size and turn share theirs. Of one document and one seal.
class Drawing {
 public:
  explicit Drawing(BoxOf box) : box_(box) {}

  // A form XObject that fills the widget's rectangle, put into the sink. `page`: null where it is not known, which counts as
  // upright. ErrorKind::forbidden where the document's part of PDF/A forbids it or its own box is too small, ErrorKind::look
  // where the seal cannot look so.
  PdfResult<QPDFObjectHandle> draw(Document& document, const QPDFObjectHandle& page,
                                   const std::array<double, 4>& rectangle, const VisibleSeal& seal,
                                   ObjectSink& sink);

  // Likewise, of an invisible seal.
  QPDFObjectHandle draw_nothing(const std::array<double, 4>& rectangle, ObjectSink& sink);

 private:
  const BoxOf box_;
  std::map<std::tuple<double, double, int>, QPDFObjectHandle> forms_;  // width, height, turn
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_VISIBLE_SEAL_H_
