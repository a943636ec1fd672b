// Signatures are checked by OpenSSL itself: a provider does not vouch for its own.
#ifndef SIGNET_CONFORMANCE_PROFILES_VERIFY_H_
#define SIGNET_CONFORMANCE_PROFILES_VERIFY_H_

#include "common/bytes.h"

namespace signet::profiles {

// Both big-endian, as in CKA_MODULUS and CKA_PUBLIC_EXPONENT.
struct RsaKey {
  Bytes modulus;
  Bytes public_exponent;
};

// RSASSA-PKCS1-v1_5 with SHA-256. Throws std::runtime_error where the key is none.
bool is_rsa_sha256_signature(const RsaKey& key, ByteView data, ByteView signature);

}  // namespace signet::profiles

#endif  // SIGNET_CONFORMANCE_PROFILES_VERIFY_H_
