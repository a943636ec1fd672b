// Keys of the fake appliance: real OpenSSL keys that really sign.
#ifndef SIGNET_DSA_TRANSPORT_TESTING_FAKE_KEYS_H_
#define SIGNET_DSA_TRANSPORT_TESTING_FAKE_KEYS_H_

#include <optional>

#include "crypto/openssl_ptr.h"
#include "dsa-transport/appliance.h"

namespace signet::transport {

// Nothing where OpenSSL cannot make such a key.
PkeyPtr make_fake_key(const KeySpec& spec);

Bytes public_key_der(EVP_PKEY* key);

// One signature of a ready digest in the form that Appliance::sign promises; nothing where key,
// algorithm and digest do not fit together.
std::optional<Bytes> fake_sign(EVP_PKEY* key, Scheme algorithm, Hash hash, std::size_t salt_length,
                               ByteView digest);

// Whether OpenSSL takes `signature`, in that same form, for one of this digest.
bool fake_verify(EVP_PKEY* key, Scheme algorithm, Hash hash, std::size_t salt_length,
                 ByteView digest, ByteView signature);

// The SubjectPublicKeyInfo of a DER certificate; nothing where it is none.
std::optional<Bytes> certificate_public_key(ByteView der);

}  // namespace signet::transport

#endif  // SIGNET_DSA_TRANSPORT_TESTING_FAKE_KEYS_H_
