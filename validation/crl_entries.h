// The revoked certificates of a CRL (RFC 5280, 5.1.2.6 and 5.3), read in its bytes.
#ifndef SIGNET_VALIDATION_CRL_ENTRIES_H_
#define SIGNET_VALIDATION_CRL_ENTRIES_H_

#include <optional>
#include <string>

#include "common/bytes.h"
#include "validation/certificate.h"
#include "validation/revocation_data.h"

namespace signet::validation {

class CrlEntries {
 public:
  CrlEntries() = default;
  // `content`: of revokedCertificates, in bytes that outlive it; `issuer`: DER Name of the CRL's issuer.
  CrlEntries(ByteView content, ByteView issuer, bool indirect)
      : content_(content), issuer_(issuer), indirect_(indirect) {}

  // Nothing where each entry can be read and has no critical extension that is unknown here; otherwise a sentence.
  std::optional<std::string> problem() const;

  // What is said of that certificate: kind (good where it is not in it), revoked_at, reason. Of several entries the one that was
  // revoked first; holding counts less than revoking.
  RevocationStatus find(const Certificate& certificate) const;

 private:
  ByteView content_, issuer_;
  bool indirect_ = false;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CRL_ENTRIES_H_
