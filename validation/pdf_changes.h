// Compares a PDF's later revisions with the one that a signature covers (ISO 32000-2, 12.8.2.2 and 12.8.2.4; EN 319 142-1, annex).
// What is not recognised as allowed is not allowed.
//
//   RevisionChanges changes(document, password, oldest_signed_revision);
//   for (each signature) part.pdf->changes = changes.after(revision, field);
#ifndef SIGNET_VALIDATION_PDF_CHANGES_H_
#define SIGNET_VALIDATION_PDF_CHANGES_H_

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/document.h"
#include "validation/pdf_change.h"

namespace signet::validation {

struct ChangeBounds {
  std::chrono::milliseconds time{5000};  // of the processor, of all comparisons together
  std::size_t objects = 1'000'000;       // of the document, and of those that are compared
};

// The revisions are compared once, whatever number of signatures asks. Used by one thread at a time.
class RevisionChanges {
 public:
  // From this revision on (an index of the cross-reference's revisions()). `document` must outlive it.
  RevisionChanges(pdf::Document& document, std::string_view password, std::size_t first,
                  const ChangeBounds& bounds = {});
  ~RevisionChanges();

  // Who reads the revisions as well, and need not open them again: called with each that was opened and compared, but for the newest
  // one, the oldest first, within the first call of after().
  using Take = std::function<void(std::size_t revision, pdf::Document& document)>;
  void hand_on(Take take);

  // What changed after `revision`, seen by the signature in `field`: without a DocMDP the rules of P = 2 hold; with one its own;
  // FieldMDP and /Lock of the signature count too, and those of signatures that were added between it and the change. The
  // oldest first. What cannot be compared, or is beyond the bounds, is one change `unreadable`. `revision` is not before `first`.
  std::vector<PdfChange> after(std::size_t revision, const std::string& field);

 private:
  class State;
  std::unique_ptr<State> state_;
};

// Likewise, for one signature.
std::vector<PdfChange> changes_after(pdf::Document& document, std::string_view password,
                                     std::size_t revision, const std::string& field);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_PDF_CHANGES_H_
