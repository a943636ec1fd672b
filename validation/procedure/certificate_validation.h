// X.509 certificate validation (EN 319 102-1, 5.2.6) with the revocation freshness checker (5.2.5), at the control time.
#ifndef SIGNET_VALIDATION_PROCEDURE_CERTIFICATE_VALIDATION_H_
#define SIGNET_VALIDATION_PROCEDURE_CERTIFICATE_VALIDATION_H_

#include <optional>
#include <vector>

#include "validation/procedure/context.h"
#include "validation/result.h"

namespace signet::validation::procedure {

struct CertificateResult {
  Conclusion conclusion;
  std::vector<ChainLink> links;
  bool trusted = false;            // the chain ends at an anchor
  std::optional<Time> revoked_at;  // with REVOKED_NO_POE
};

// In the order of 5.2.6.4: the anchor's end (step 3), revocation and whether anything is known of it (step 4), algorithms
// (step 6), the certificate's validity (step 7), that of the revocation data's signer (step 8); then freshness, which step 4 a
// would ask for before the certificate's end: a certificate that has ended is out of bounds, however fresh the data. An
// authority above it that has ended is taken as step 7 takes the certificate itself, since proofs of existence help against both.
// What nothing is known of fails in step 4 e, so that CERTIFICATE_CHAIN_GENERAL_FAILURE comes before OUT_OF_BOUNDS_NO_POE, which
// is left for what was said by one who has ended too.
//
// All chains are tried; the first one that passes counts, else the one that came furthest. `signer_time`: the moment at which
// the signing certificate itself is judged; what is above it is always judged at the control time. That is the control time for
// 5.2.6, and the best-signature-time for 5.5.4, which asks whether the certificate was good then by what is known to be good now.
CertificateResult validate_certificate(Context& context, const Subject& subject, Time signer_time);

// RFC 3161, 4: with one of the reasons 0, 3, 4 and 5, present, tokens of before the revocation stay valid.
bool survives_revocation(const Subject& subject, const RevocationStatus& status);

// Says nothing where the algorithms of the chain's certificates are good at `time`.
std::optional<Conclusion> weak_certificate(const Context& context, const Certificate& certificate,
                                           const Certificate& issuer, Time time);
std::optional<Conclusion> weak_data(const SpeakingData& data, Time time);
// "CRYPTO_CONSTRAINTS_FAILURE" where it never was good, "…_NO_POE" where it was once.
Conclusion weak_algorithm(const Reliability& reliability, std::string what, Time time);

}  // namespace signet::validation::procedure

#endif  // SIGNET_VALIDATION_PROCEDURE_CERTIFICATE_VALIDATION_H_
