// Key pairs on P-256 in this program's memory: of an installation, and for authentication.
#ifndef SIGNET_SEAL_CLIENT_KEY_PAIR_H_
#define SIGNET_SEAL_CLIENT_KEY_PAIR_H_

#include "common/bytes.h"
#include "common/secret.h"
#include "crypto/openssl_ptr.h"

namespace signet::sealclient {

// Null where OpenSSL makes none.
PkeyPtr make_key_pair();

// Null for anything but one unencrypted PrivateKeyInfo (PKCS#8, DER) of a key on P-256.
PkeyPtr key_pair_of(ByteView pkcs8);

// PKCS#8, DER; empty where OpenSSL does not give it.
Secret private_key_of(const EVP_PKEY* key);

// DER SubjectPublicKeyInfo with the whole point; empty where OpenSSL does not give it.
Bytes public_key_of(const EVP_PKEY* key);

// Of a DER SubjectPublicKeyInfo with the whole point on P-256: 33 bytes; empty for anything else.
Bytes compressed_point_of(ByteView public_key);

// DER SubjectPublicKeyInfo with the whole point; empty where that is no point of P-256.
Bytes public_key_of_point(ByteView compressed);

// A PKCS#10 (DER) for the key, by that key, with SHA-256. `subject`: DER Name. Empty where OpenSSL makes none.
Bytes request_for(EVP_PKEY* key, ByteView subject);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_KEY_PAIR_H_
