// What an extension adds to a document beside time-stamps.
#ifndef SIGNET_PRESERVATION_VALUES_H_
#define SIGNET_PRESERVATION_VALUES_H_

#include <vector>

#include "common/bytes.h"
#include "validation/certificate.h"
#include "validation/revocation_data.h"

namespace signet::preservation {

struct Values {
  std::vector<validation::CertificatePtr> certificates;
  std::vector<validation::RevocationDataPtr> revocations;

  bool empty() const { return certificates.empty() && revocations.empty(); }
};

// The whole OCSPResponse (RFC 6960, 4.2.1), also where the data is the BasicOCSPResponse alone.
Bytes ocsp_response_of(const validation::RevocationData& data);

}  // namespace signet::preservation

#endif  // SIGNET_PRESERVATION_VALUES_H_
