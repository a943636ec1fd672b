// What Acrobat Reader and pdfsig show for a document, computed from their rules: each signature and time-stamp by itself, at the
// moment that a preference names, with nothing carried from one to the other. An estimate: they decide by their own trust lists.
//
// Acrobat's rules are those of Adobe's manuals, "Set signature verification preferences":
// - "Verify Signatures Using": the time at which the signature was created (the default by the Acrobat DC manual of April
//   2015), the secure time of an embedded time-stamp (the default by the Acrobat 9 manual), or the current time.
// - A time-stamp is used for the secure time where it is trusted; otherwise the current time is (Acrobat 9 security guide, 7.3.6).
// - A time-stamp is itself judged at the current time, unless "Use Expired Timestamps" is set, which is the default (Acrobat XI
//   manual, "Validate a timestamp certificate").
// pdfsig (poppler 22.12) judges certificates at the current time, asks nobody about revocation data in the document, does not look
// at what changed after a signature, and does not verify document time-stamps; conformance/judges/reports/pdfsig.py compares.
#ifndef SIGNET_VALIDATION_REPORT_OTHER_READERS_H_
#define SIGNET_VALIDATION_REPORT_OTHER_READERS_H_

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "validation/result.h"

namespace signet::validation {

enum class Shown : std::uint8_t { valid, unknown, invalid };
std::string_view name_of(Shown shown);  // "valid"

struct ReaderVerdict {
  std::string name;  // of the field
  bool is_time_stamp = false;
  Time judged_at{};
  Shown shown = Shown::unknown;
  Statement why;
};

struct ReaderView {
  Sentence reader;  // the program and its preferences
  bool is_default = false;
  std::vector<ReaderVerdict>
      verdicts;  // in the document's order: signatures, then document time-stamps

  bool all_valid() const;
};

// None where the document is no PDF. Acrobat with its default preferences first, then each other choice of "verify signatures
// using" with and without "use expired time-stamps", then pdfsig, which knows none.
std::vector<ReaderView> other_readers(const ValidationResult& result);

// What to set so that everything that passed here is shown as valid; nothing where that is the default, or no choice does.
const ReaderView* best_setting(const std::vector<ReaderView>& views);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_OTHER_READERS_H_
