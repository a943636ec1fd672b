// AES-256-GCM (SP 800-38D) of what is in memory, by OpenSSL's default provider.
#ifndef SIGNET_CRYPTO_AES_GCM_H_
#define SIGNET_CRYPTO_AES_GCM_H_

#include <optional>

#include "common/bytes.h"
#include "common/secret.h"

namespace signet::crypto {

inline constexpr std::size_t kAesKey = 32;    // bytes
inline constexpr std::size_t kGcmNonce = 12;  // bytes; one nonce for one content under a key
inline constexpr std::size_t kGcmTag = 16;    // bytes

struct GcmText {
  Bytes nonce;       // kGcmNonce
  Bytes ciphertext;  // as long as the content
  Bytes tag;         // kGcmTag
};

// A key of kAesKey random bytes; nothing where the system has no randomness.
std::optional<Secret> new_aes_key();

// Under a random nonce. `also`: what is authenticated with it; may be empty. Nothing where OpenSSL or randomness fails, or
// the key is of another length.
std::optional<GcmText> gcm_encrypt(const Secret& key, ByteView content, ByteView also);

// The content; nothing where anything was changed, the key is another one, or lengths are wrong.
std::optional<Secret> gcm_decrypt(const Secret& key, const GcmText& text, ByteView also);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_AES_GCM_H_
