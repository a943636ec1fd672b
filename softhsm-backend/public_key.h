// Public keys and certificates as DER.
#ifndef SIGNET_SOFTHSM_BACKEND_PUBLIC_KEY_H_
#define SIGNET_SOFTHSM_BACKEND_PUBLIC_KEY_H_

#include <optional>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "crypto/openssl_ptr.h"

namespace signet::emulator {

// DER SubjectPublicKeyInfo, curves by name, points uncompressed. `point`: CKA_EC_POINT in either form. Throw
// std::runtime_error for parts that make no key: they come from the token, never from a client.
Bytes rsa_public_key(ByteView modulus, ByteView exponent);
Bytes curve_public_key(crypto::Curve curve, ByteView point);

Bytes public_key_der(EVP_PKEY& key);

struct CertificateFacts {
  Bytes public_key;  // DER SubjectPublicKeyInfo, in the form of the functions above
  bool issuer = false;
};

// Nothing where `der` is not exactly one X.509 certificate with a readable public key.
std::optional<CertificateFacts> read_certificate(ByteView der);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_PUBLIC_KEY_H_
