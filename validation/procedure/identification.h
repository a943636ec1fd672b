// Identification of the signing certificate (EN 319 102-1, 5.2.3).
#ifndef SIGNET_VALIDATION_PROCEDURE_IDENTIFICATION_H_
#define SIGNET_VALIDATION_PROCEDURE_IDENTIFICATION_H_

#include "validation/procedure/context.h"

namespace signet::validation::procedure {

struct Identified {
  CertificatePtr certificate;  // null: INDETERMINATE, NO_SIGNING_CERTIFICATE_FOUND
  Conclusion
      conclusion;  // warnings where the signed attribute is missing or names it by a weak hash
};

// Among the evidence: the certificate that signing-certificate(-v2) names by its digest, which must be the one that the
// SignerInfo names. Without the attribute, the one that the SignerInfo names: with a warning for a signature, never for a token
// (RFC 3161, 2.4.2).
Identified identify_signer(Context& context, const Target& target);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_IDENTIFICATION_H_
