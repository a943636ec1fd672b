// The steps of public-key cryptography in an AuthEnvelopedData (enveloped_data.h), by OpenSSL.
#ifndef SIGNET_CRYPTO_CMS_ENVELOPED_KEYS_H_
#define SIGNET_CRYPTO_CMS_ENVELOPED_KEYS_H_

#include <openssl/types.h>

#include <optional>

#include "common/bytes.h"
#include "common/secret.h"
#include "crypto/algorithm.h"
#include "crypto/openssl_ptr.h"

namespace signet::cms {

// Null where OpenSSL refuses it.
PkeyPtr public_key_from(ByteView spki);

Bytes sha1_of(ByteView data);

// Uncompressed, of an EC key; empty where that fails.
Bytes point_of(EVP_PKEY* key);

// The shared x of ECDH on P-256.
std::optional<Secret> agree_with(EVP_PKEY* own, EVP_PKEY* other);

std::optional<Bytes> encrypt_oaep(EVP_PKEY* key, crypto::Hash hash, ByteView data);

}  // namespace signet::cms

#endif  // SIGNET_CRYPTO_CMS_ENVELOPED_KEYS_H_
