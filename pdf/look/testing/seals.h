// Seals for tests, on a page that is seen as 256 x 128 points: 4 pixels of a reference's raster are 2 points.
#ifndef SIGNET_PDF_LOOK_TESTING_SEALS_H_
#define SIGNET_PDF_LOOK_TESTING_SEALS_H_

#include <string>
#include <vector>

#include "pdf/look/appearance.h"
#include "pdf/look/testing/document.h"

namespace signet::pdf::look::testing {

struct SealCase {
  std::string name;       // of the file of its reference
  std::string reference;  // whose: many look the same
  Look look;
  int rotate = 0;
  double user_unit = 1;
  double offset = 0;  // of the page's origin, and as much around it is cropped
  Demands demands = {};
};

std::vector<SealCase> seal_cases();

Facts seal_facts();

// The seal has its box 8 points from the lower right corner, 240 x 112 points.
class SealedPage {
 public:
  explicit SealedPage(const SealCase& seal);

  Document& document() { return document_; }
  const LookResult<Appearance>& appearance() const { return appearance_; }

 private:
  Document document_;
  LookResult<Appearance> appearance_;
};

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_SEALS_H_
