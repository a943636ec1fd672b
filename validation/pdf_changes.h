// Compares a PDF's later revisions with the one that a signature covers (ISO 32000-2, 12.8.2.2 and 12.8.2.4; EN 319 142-1, annex).
// What is not recognised as allowed is not allowed.
#ifndef SIGNET_VALIDATION_PDF_CHANGES_H_
#define SIGNET_VALIDATION_PDF_CHANGES_H_

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/document.h"
#include "validation/pdf_change.h"

namespace signet::validation {

// What changed after `revision` (an index of the cross-reference's revisions()), seen by the signature in `field`: without a DocMDP
// the rules of P = 2 hold; with one its own; FieldMDP and /Lock of the signature count too. `password` as for Document::open().
// Bounds: 5 s, 1,000,000 objects; beyond them one change `unreadable`.
std::vector<PdfChange> changes_after(pdf::Document& document, std::string_view password,
                                     std::size_t revision, const std::string& field);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_PDF_CHANGES_H_
