// Where a certificate says that its delta CRLs are. For this component alone.
#ifndef SIGNET_VALIDATION_ONLINE_DELTA_CRLS_H_
#define SIGNET_VALIDATION_ONLINE_DELTA_CRLS_H_

#include <string>
#include <vector>

#include "validation/certificate.h"

namespace signet::validation {

// freshestCRL (RFC 5280, 4.2.1.15), as it stands; at most 16 addresses.
std::vector<std::string> delta_crl_urls(const Certificate& certificate);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_ONLINE_DELTA_CRLS_H_
