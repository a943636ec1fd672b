// Cryptographic verification (EN 319 102-1, 5.2.7) and the cryptographic part of signature acceptance (5.2.8).
#ifndef SIGNET_VALIDATION_PROCEDURE_CRYPTOGRAPHIC_CHECK_H_
#define SIGNET_VALIDATION_PROCEDURE_CRYPTOGRAPHIC_CHECK_H_

#include <string>
#include <vector>

#include "validation/procedure/context.h"

namespace signet::validation::procedure {

// HASH_FAILURE, SIG_CRYPTO_FAILURE, SIGNED_DATA_NOT_FOUND. Where an algorithm cannot be computed here: INDETERMINATE without a
// sub-indication, or CRYPTO_CONSTRAINTS_FAILURE_NO_POE of a digest whose end the suite knows (MD5) and nothing proves to be older.
Conclusion verify_digest(const Context& context, const Target& target);
// The signature is computed once for each certificate.
const Conclusion& verify_signature(Context& context, const Target& target,
                                   const Certificate& certificate);

// Of the signature, its hash, and what else the target rests on: a token's imprint and hash index, the SHA-1 of adbe.pkcs7.sha1.
std::vector<Reliability> reliabilities(const Policy& policy, const Target& target,
                                       const Certificate& certificate);
// CRYPTO_CONSTRAINTS_FAILURE, or …_NO_POE where it was good once.
Conclusion check_algorithms(const std::vector<Reliability>& reliabilities, Time time);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_CRYPTOGRAPHIC_CHECK_H_
