// A key of a token for OpenSSL, with the reason kept where it does not sign.
#ifndef SIGNET_PKCS11_CLIENT_SIGNING_KEY_H_
#define SIGNET_PKCS11_CLIENT_SIGNING_KEY_H_

#include <openssl/types.h>

#include <memory>
#include <optional>
#include <string_view>

#include "pkcs11-client/provider_key.h"
#include "pkcs11-client/session.h"

namespace signet::pkcs11 {

class SigningKey {
 public:
  // key_disabled, or not_supported for what is neither RSA, EC nor Ed25519 and where key.public_key is empty. The session
  // outlives the key; for the EVP_PKEY see provider_key.h.
  static TokenResult<SigningKey> make(const TokenSession& session, const Key& key);

  EVP_PKEY* get() const { return key_->get(); }

  // The hash of a signature with this key, for EVP_DigestSignInit_ex(); null where the key signs messages (Ed25519).
  static const char* hash_name(const Key& key, const Signing& signing);

  // The padding of a signature that was begun with this key; a key that is not RSA has none.
  static bool set_padding(EVP_PKEY_CTX* context, const Key& key, const Signing& signing);

  // Why the last signature failed: what the token said, else OpenSSL, whose errors this takes away.
  TokenError why(std::string_view what) const;

 private:
  SigningKey() = default;

  std::unique_ptr<ProviderKey> key_;
  std::shared_ptr<std::optional<TokenError>> refusal_ =
      std::make_shared<std::optional<TokenError>>();
};

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_SIGNING_KEY_H_
