// The parts of an X.509 certificate (RFC 5280), read without OpenSSL, which takes a tenth of a millisecond.
#ifndef SIGNET_CRYPTO_CERTIFICATE_PARTS_H_
#define SIGNET_CRYPTO_CERTIFICATE_PARTS_H_

#include <optional>
#include <string>

#include "common/bytes.h"

namespace signet::crypto {

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

// Nothing for anything but one whole certificate. Signature and validity are not checked.
std::optional<CertificateParts> parse_certificate(ByteView der);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_CERTIFICATE_PARTS_H_
