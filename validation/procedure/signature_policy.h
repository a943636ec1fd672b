// The signature policy that a signature names, as far as validation context initialisation asks for it (EN 319 102-1, 5.2.4).
//
// The rules by which a signature is judged are always the caller's. A signature that names a policy says that it was made under
// further rules, and what those are is in a document. Without that document nobody can say whether they were kept:
// SIGNATURE_POLICY_NOT_AVAILABLE. That holds for an object identifier without a digest too, and for a policy that is implied by a
// context which the caller does not know. The caller has the document, or the message (signature-policy-store, EN 319 122-1,
// 5.2.10). It must be the one whose digest the signature states: POLICY_PROCESSING_ERROR otherwise. What it demands in words is the
// caller's to check.
#ifndef SIGNET_VALIDATION_PROCEDURE_SIGNATURE_POLICY_H_
#define SIGNET_VALIDATION_PROCEDURE_SIGNATURE_POLICY_H_

#include "validation/procedure/context.h"

namespace signet::validation::procedure {

Conclusion check_signature_policy(const Policy& policy, const SignerPart& signer);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_SIGNATURE_POLICY_H_
