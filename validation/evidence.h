// The certificates and revocation data that a validation may use, and where each came from.
#ifndef SIGNET_VALIDATION_EVIDENCE_H_
#define SIGNET_VALIDATION_EVIDENCE_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "validation/certificate.h"
#include "validation/revocation_data.h"

namespace signet::validation {

enum class Origin : std::uint8_t {
  message,     // a CMS message's certificates and crls, or its attributes
  time_stamp,  // a token's
  dss,         // a PDF's DSS dictionary
  vri,         // likewise, of one signature
  ocsp,        // the certificates of an OCSP answer
  file,        // given by the caller
  online,      // fetched
};

struct FoundCertificate {
  CertificatePtr certificate;
  std::vector<Origin> origins;  // without repetition, the first one first
};

struct FoundRevocation {
  RevocationDataPtr data;
  std::vector<Origin> origins;
};

// Bounds: 4,096 certificates, 1,024 sets of revocation data, 128 MiB in all; what is beyond them is left out and told.
class Evidence {
 public:
  // Adds what is not there yet; an answer's own certificates too. False where a bound is reached.
  bool add(CertificatePtr certificate, Origin origin);
  bool add(RevocationDataPtr data, Origin origin);

  const std::vector<FoundCertificate>& certificates() const { return certificates_; }
  const std::vector<FoundRevocation>& revocations() const { return revocations_; }
  bool is_full() const { return full_; }

  // Certificates whose subject is its issuer's name, those with its authority key identifier first.
  std::vector<CertificatePtr> issuers_for(const Certificate& certificate) const;
  CertificatePtr find(const ObjectId& id) const;  // null: not there

 private:
  std::vector<FoundCertificate> certificates_;
  std::vector<FoundRevocation> revocations_;
  std::map<ObjectId, std::size_t> certificate_index_, revocation_index_;
  std::multimap<std::uint32_t, std::size_t> by_subject_;  // by Certificate::subject_hash()
  std::uint64_t bytes_ = 0;
  bool full_ = false;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_EVIDENCE_H_
