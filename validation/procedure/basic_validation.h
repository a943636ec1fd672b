// Validation of a basic signature (EN 319 102-1, 5.3) and of a time-stamp token by itself (5.4), at the control time: format
// (5.2.2), identification (5.2.3), signature policy (5.2.4), certificate (5.2.6), cryptography (5.2.7), acceptance (5.2.8).
#ifndef SIGNET_VALIDATION_PROCEDURE_BASIC_VALIDATION_H_
#define SIGNET_VALIDATION_PROCEDURE_BASIC_VALIDATION_H_

#include <string>
#include <vector>

#include "validation/procedure/certificate_validation.h"
#include "validation/procedure/context.h"

namespace signet::validation::procedure {

struct Basic {
  // What was found first, in this order: format, signed data, identification, digest, signature value, signature policy,
  // algorithms, certificate.
  Conclusion conclusion;
  // SIG_CONSTRAINTS_FAILURE, which does not depend on the moment and is found last (5.2.8).
  Conclusion constraints;
  CertificatePtr certificate;         // null: not identified
  CertificateResult x509;             // where it was identified
  std::vector<Reliability> strength;  // likewise

  // Format, cryptography and policy are good, and nothing but moments stands against it.
  bool sound = false;
};

Basic validate_basic(Context& context, const Target& target);

// Whether proofs of existence can help (5.6.3.4, step 3).
bool depends_on_proofs(const Conclusion& conclusion);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_BASIC_VALIDATION_H_
