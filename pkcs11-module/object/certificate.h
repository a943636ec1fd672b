// The parts of an X.509 certificate (RFC 5280) that CKO_CERTIFICATE shows.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_CERTIFICATE_H_
#define SIGNET_PKCS11_MODULE_OBJECT_CERTIFICATE_H_

#include <string>

#include "common/bytes.h"
#include "crypto/ck_result.h"

namespace signet::object {

// Views into the certificate's own bytes.
struct CertificateParts {
  ByteView serial_number;  // DER INTEGER
  ByteView issuer;         // DER Name
  ByteView subject;        // DER Name
  ByteView public_key;     // DER SubjectPublicKeyInfo
  std::string start_date;  // YYYYMMDD, as CK_DATE; empty where it cannot be read
  std::string end_date;
  bool authority = false;  // basicConstraints says cA
};

// CKR_ATTRIBUTE_VALUE_INVALID for anything but one whole certificate. Signature and validity are
// not checked.
CkResult<CertificateParts> parse_certificate(ByteView der);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_CERTIFICATE_H_
