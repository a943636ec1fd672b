// Where image and text lie within a seal's box. Arithmetic alone.
#ifndef SIGNET_PDF_LOOK_ARRANGEMENT_H_
#define SIGNET_PDF_LOOK_ARRANGEMENT_H_

#include <optional>

#include "pdf/look/appearance.h"
#include "pdf/look/error.h"

namespace signet::pdf::look {

struct Regions {
  std::optional<Region> text;
  std::optional<Region> image;
};

// `has_text`: something is left of the template. Fault::place: see put_appearance().
LookResult<Regions> arranged(const Look& look, bool has_text, double width, double height);

// The largest rectangle of these proportions in the middle of the region.
Region fitted(const Region& region, double width, double height);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_ARRANGEMENT_H_
