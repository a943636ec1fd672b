// An installation key pair under a passphrase, inside an activation file.
#ifndef SIGNET_SEAL_CLIENT_PASSPHRASE_KEY_H_
#define SIGNET_SEAL_CLIENT_PASSPHRASE_KEY_H_

#include <optional>

#include "common/bytes.h"
#include "common/secret.h"
#include "crypto/openssl_ptr.h"

namespace signet::sealclient {

// scrypt with N = 2^17, r = 8, p = 1 (RFC 7914), and AES-256-GCM.
struct PassphraseKey {
  Bytes salt;       // 16 bytes
  Bytes encrypted;  // PKCS#8: a nonce of 12 bytes, the ciphertext, the tag of 16 bytes
                    // (additional data: "signet installation key 1")
};

// A new key pair and its form under the passphrase.
struct ProtectedKeyPair {
  PkeyPtr key;
  PassphraseKey form;
};

// Nothing where OpenSSL or the system's randomness fails. Takes a quarter of a second and 128 MiB, as the next one.
std::optional<ProtectedKeyPair> protect_key_pair(const Secret& passphrase);

// Null for another passphrase.
PkeyPtr key_pair_under(const PassphraseKey& form, const Secret& passphrase);

}  // namespace signet::sealclient

#endif  // SIGNET_SEAL_CLIENT_PASSPHRASE_KEY_H_
