#include "pkcs11-client/signing_key.h"

#include <fmt/format.h>
#include <openssl/rsa.h>

#include "crypto/openssl.h"

namespace signet::pkcs11 {

TokenResult<SigningKey> SigningKey::make(const TokenSession& session, const Key& key) {
  if (!key.can_sign)
    return token_error(Reason::key_disabled,
                       fmt::format("the key \"{}\" is disabled: it may not sign", key.label));
  if (key.public_key.empty())
    return token_error(Reason::not_supported,
                       fmt::format("the token does not tell the public key of \"{}\"", key.label));
  SigningKey made;
  made.key_ = ProviderKey::make(key.public_key, [&session, key, refusal = made.refusal_](
                                                    const DigestSignature& wish, ByteView digest) {
    auto signature = session.sign(key, wish, digest);
    if (signature) return std::move(signature).value();
    *refusal = signature.error();
    return Bytes();
  });
  if (!made.key_)
    return token_error(Reason::not_supported, fmt::format("the key \"{}\" cannot be used: {}",
                                                          key.label, crypto::openssl_reason()));
  return made;
}

const char* SigningKey::hash_name(const Key& key, const Signing& signing) {
  return key.type.kind == crypto::KeyType::edwards ? nullptr : signing.hash.c_str();
}

bool SigningKey::set_padding(EVP_PKEY_CTX* context, const Key& key, const Signing& signing) {
  if (key.type.kind != crypto::KeyType::rsa || signing.padding == Padding::pkcs1) return true;
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) > 0 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, RSA_PSS_SALTLEN_DIGEST) > 0;
}

TokenError SigningKey::why(std::string_view what) const {
  const std::string reason = crypto::openssl_reason();
  if (*refusal_) return **refusal_;
  return token_error(Reason::failed, fmt::format("{}: {}", what, reason));
}

}  // namespace signet::pkcs11
