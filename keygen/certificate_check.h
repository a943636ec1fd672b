// Whether a certificate is fit to be used with a key.
#ifndef SIGNET_KEYGEN_CERTIFICATE_CHECK_H_
#define SIGNET_KEYGEN_CERTIFICATE_CHECK_H_

#include <vector>

#include "keygen/certificate.h"

namespace signet::keygen {

inline constexpr unsigned kLeastRsaBits = 2048;
inline constexpr unsigned kLeastEcBits = 256;

// In this order: weak_key (RSA below 2048 bits, EC below 256), weak_hash (SHA-1, MD5), expired,
// not_yet_valid; by the clock of this process.
TokenResult<void> check_certificate(const Certificate& certificate);

// A path to one of the roots, through the issuers given; dates, key lengths and hashes of the
// issuers count as well. Revocation is not looked at. wrong_chain and the reasons above.
TokenResult<void> check_chain(const Certificate& certificate,
                              const std::vector<Certificate>& issuers,
                              const std::vector<Certificate>& roots);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_CERTIFICATE_CHECK_H_
