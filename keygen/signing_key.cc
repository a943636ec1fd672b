#include "keygen/signing_key.h"

#include <fmt/format.h>
#include <openssl/rsa.h>

namespace signet::keygen {

Outcome<SigningKey> SigningKey::make(const Token& token, const Key& key) {
  if (!key.can_sign)
    return failure(Reason::key_disabled,
                   fmt::format("the key \"{}\" is disabled: it may not sign", key.label));
  if (key.public_key.empty())
    return failure(Reason::not_supported,
                   fmt::format("the token does not tell the public key of \"{}\"", key.label));
  SigningKey made;
  made.key_ = TokenKey::make(
      library_context(), key.public_key,
      [&token, key, refusal = made.refusal_](const DigestSignature& wish, ByteView digest) {
        const bool pss = wish.scheme == DigestSignature::Scheme::rsa_pss;
        auto signature = token.sign(key, {pss ? Padding::pss : Padding::pkcs1, wish.hash}, digest);
        if (signature) return std::move(signature).value();
        *refusal = signature.error();
        return Bytes();
      });
  if (!made.key_)
    return failure(Reason::not_supported,
                   fmt::format("the key \"{}\" cannot be used: {}", key.label, openssl_reason()));
  return made;
}

bool SigningKey::set_padding(EVP_PKEY_CTX* context, const Key& key, const Signing& signing) {
  if (key.type.kind != crypto::KeyType::rsa || signing.padding == Padding::pkcs1) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

Failure SigningKey::why(std::string_view what) const {
  const std::string reason = openssl_reason();
  if (*refusal_) return **refusal_;
  return failure(Reason::failed, fmt::format("{}: {}", what, reason));
}

}  // namespace signet::keygen
