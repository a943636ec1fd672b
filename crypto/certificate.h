// What more than one component reads from an X.509 certificate that OpenSSL has parsed.
#ifndef SIGNET_CRYPTO_CERTIFICATE_H_
#define SIGNET_CRYPTO_CERTIFICATE_H_

#include <openssl/types.h>

#include <chrono>
#include <optional>
#include <string>

#include "common/bytes.h"
#include "crypto/openssl_ptr.h"

namespace signet::crypto {

// In the library context of this process' default provider (crypto/openssl.h). Null where it is no certificate, or more
// than one.
X509Ptr certificate_of(ByteView der);

// RFC 2253; control characters are escaped.
std::string name_text(const X509_NAME* name);

// The first attribute of this kind (NID_commonName), in UTF-8; empty where there is none.
std::string name_entry(const X509_NAME* name, int nid);

std::optional<std::chrono::system_clock::time_point> time_of(const ASN1_TIME* time);

// DER SubjectPublicKeyInfo; empty where there is none.
Bytes public_key_of(const X509* certificate);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_CERTIFICATE_H_
