// The look of a visible seal: a form XObject, for the /N of a widget's /AP.
#ifndef SIGNET_PDF_LOOK_APPEARANCE_H_
#define SIGNET_PDF_LOOK_APPEARANCE_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <qpdf/QPDFObjectHandle.hh>
#include <string>

#include "pdf/look/colour.h"
#include "pdf/look/error.h"
#include "pdf/look/fit.h"
#include "pdf/look/font.h"
#include "pdf/look/image.h"
#include "pdf/look/placement.h"
#include "pdf/look/template.h"
#include "pdf/object_sink.h"

namespace signet::pdf::look {

// Where the image goes that is not the background.
enum class Arrangement : std::uint8_t {
  beside_text,  // left of it, at most two fifths of the width
  above_text,   // at most half of the height
  behind_text,  // both have the whole box
};

// Points; the lower left corner of the seal's box is (0, 0).
struct Region {
  double x = 0;
  double y = 0;
  double width = 0;
  double height = 0;
};

// What is wished. It can be used for many documents, by several threads.
struct Look {
  std::string text;                  // a template (template.h); empty: none
  std::shared_ptr<const Font> font;  // none: Font::kDefaultFile
  TextStyle style;
  Colour text_colour;  // black
  std::shared_ptr<const Image> image;
  std::shared_ptr<const Image> background;  // below everything, in the middle of the whole box
  std::optional<Colour> background_colour;  // of the whole box; none: the page is seen
  Arrangement arrangement = Arrangement::beside_text;
  double margin = 2;                  // points: inside the box's edges, and between image and text
  std::optional<Region> text_region;  // instead of what arrangement and margin make
  std::optional<Region> image_region;
};

struct Appearance {
  QPDFObjectHandle form;     // a reference
  bool transparent = false;  // something is drawn with a soft mask
  double text_size = 0;      // points; 0: there is no text
};

// The seal has no border. Images keep their proportions, each in the middle of its region; text is above the image, the
// image above the background. The form is upright where the page is seen (/Matrix), whatever the page's /Rotate, and of the
// same size whatever its /UserUnit.
//
// Nothing is put where there is an error: those of fill_template(), fit_text(), Font::open() and Image::check();
// Fault::text also where there is nothing to show; Fault::place for a region that is not in the box, or a box that has no
// room within its margin.
LookResult<Appearance> put_appearance(const Look& look, const Facts& facts,
                                      const Placement& placement, const Demands& demands,
                                      ObjectSink& sink);

// A form with nothing in it, for the widget of an invisible seal: PDF/A wants one there, too (ISO 19005-1, 6.9).
// The width and height are those of the widget, in units of its page.
QPDFObjectHandle put_empty_appearance(ObjectSink& sink, double width, double height);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_APPEARANCE_H_
