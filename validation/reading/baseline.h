// The rules of the baseline levels that the form of a signature shows broken: EN 319 122-1, 6.3, and EN 319 142-1, 6.3. For this
// component's readers alone.
#ifndef SIGNET_VALIDATION_READING_BASELINE_H_
#define SIGNET_VALIDATION_READING_BASELINE_H_

#include "validation/document.h"

namespace signet::validation {

// What a PDF's signature dictionary has beside the message.
struct DictionaryFacts {
  bool has_filter = false;
  bool has_signing_time = false;  // /M
  bool has_certificate = false;   // /Cert
  bool has_location = false;
};

// Each adds to signature.baseline_faults and long_term_faults. `evidence`: has the certificates of the message.
void check_cades_form(SignaturePart& signature, const Evidence& evidence);
void check_pades_form(SignaturePart& signature, const DictionaryFacts& facts,
                      const Evidence& evidence);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_BASELINE_H_
