// The private key of a token for messages that are encrypted for it (crypto/cms/enveloped_data.h).
#ifndef SIGNET_PKCS11_CLIENT_DECRYPTION_H_
#define SIGNET_PKCS11_CLIENT_DECRYPTION_H_

#include <memory>
#include <optional>

#include "crypto/cms/enveloped_data.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

// The session outlives it.
struct TokenDecryption {
  cms::DecryptionKey key;
  // What the token said where it failed last: its reason says whether a PIN, the token or the mechanism was it.
  std::shared_ptr<std::optional<TokenError>> refusal;
};

// Of a key on P-256 (CKM_ECDH1_DERIVE with CKD_NULL) or an RSA key (CKM_RSA_PKCS_OAEP); not_supported for any other.
TokenResult<TokenDecryption> decryption_key(const TokenSession& token, const Key& key);

// The hash by which this token decrypts OAEP: SHA-256 where it says or shows that it can, else SHA-1.
crypto::Hash oaep_hash(const TokenSession& token, const Key& key);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_DECRYPTION_H_
