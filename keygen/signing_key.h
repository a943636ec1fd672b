// A key of a token for OpenSSL, with the reason kept where it does not sign; for request.cc and
// signed_data.cc.
#ifndef SIGNET_KEYGEN_SIGNING_KEY_H_
#define SIGNET_KEYGEN_SIGNING_KEY_H_

#include <memory>
#include <optional>
#include <string_view>

#include "keygen/openssl.h"
#include "keygen/token.h"
#include "keygen/token_key.h"

namespace signet::keygen {

class SigningKey {
 public:
  // In library_context(). key_disabled, or not_supported for what is neither RSA nor EC. The token
  // outlives the key.
  static Outcome<SigningKey> make(const Token& token, const Key& key);

  EVP_PKEY* get() const { return key_->get(); }

  // The padding of a signature that was begun with this key; a key that is not RSA has none.
  static bool set_padding(EVP_PKEY_CTX* context, const Key& key, const Signing& signing);

  // Why the last signature failed: what the token said, else OpenSSL.
  Failure why(std::string_view what) const;

 private:
  SigningKey() = default;

  std::unique_ptr<TokenKey> key_;
  std::shared_ptr<std::optional<Failure>> refusal_ = std::make_shared<std::optional<Failure>>();
};

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_SIGNING_KEY_H_
