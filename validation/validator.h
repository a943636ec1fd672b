// Validates a document that was taken apart (EN 319 102-1 V1.4.1, 5.6.3: signatures providing long-term availability, of which
// basic signatures and those with a time-stamp are the shorter cases).
//
//   BOOST_OUTCOME_TRY(DocumentParts parts, read_pdf(source, password, further));
//   ValidationResult result = validate(parts, policy);
#ifndef SIGNET_VALIDATION_VALIDATOR_H_
#define SIGNET_VALIDATION_VALIDATOR_H_

#include "validation/document.h"
#include "validation/policy.h"
#include "validation/result.h"

namespace signet::validation {

// Never fails: what cannot be judged is INDETERMINATE and says why. `parts` must outlive the result. Bounds: 64 chains for each
// signer, 32 certificates in each; what is beyond them is told. std::bad_alloc where memory is lacking.
ValidationResult validate(const DocumentParts& parts, const Policy& policy);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_VALIDATOR_H_
