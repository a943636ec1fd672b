// Past certificate validation (EN 319 102-1, 5.6.2.1) by validation time sliding (5.6.2.2).
#ifndef SIGNET_VALIDATION_PROCEDURE_PAST_CERTIFICATE_H_
#define SIGNET_VALIDATION_PROCEDURE_PAST_CERTIFICATE_H_

#include <vector>

#include "validation/procedure/context.h"
#include "validation/result.h"

namespace signet::validation::procedure {

struct PastCertificate {
  // Passed: at `control` the certificate was good, as far as the proofs of existence show. Otherwise INDETERMINATE with NO_POE,
  // CRYPTO_CONSTRAINTS_FAILURE_NO_POE or the chain's own conclusion.
  Conclusion conclusion;
  Time control{};
  std::optional<Statement> moved;  // why `control` is where it is; nothing: it is the policy's
  // 5.6.2.4, step 1: false where all revocation data for a certificate is signed by one whose own certificate had ended before
  // the first proof of the data's existence.
  bool revocation_in_bounds = true;
  std::optional<Statement> out_of_bounds;
  std::vector<ChainLink> links;
};

// Of one chain that is usable. The control time begins with the policy's, or the end of the anchor's trust where that is earlier,
// and is moved at each certificate from the anchor down.
//
// Where revocation data is not fresh, the standard's letter moves it to the data's thisUpdate. Then data that was fetched before
// a document time-stamp was made could never prove the token that it is over. Policy::sliding says which reading holds.
PastCertificate validate_past_certificate(Context& context, const Subject& subject,
                                          const Chain& chain);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_PAST_CERTIFICATE_H_
