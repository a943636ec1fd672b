// The parts of the provider "signet-token"; for token_key.cc, token_keymgmt.cc and
// token_signature.cc. See provider-keymgmt(7) and provider-signature(7).
#ifndef SIGNET_KEYGEN_TOKEN_PROVIDER_H_
#define SIGNET_KEYGEN_TOKEN_PROVIDER_H_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>
#include <openssl/evp.h>

#include <memory>
#include <utility>

#include "keygen/token_key.h"

namespace signet::keygen::provider {

// Public halves and digests live in a library context of the provider's own: it asks nothing of the
// one that it is loaded into.
struct Provider {
  Provider();
  ~Provider();
  Provider(const Provider&) = delete;
  Provider& operator=(const Provider&) = delete;

  bool usable() const { return default_ != nullptr; }

  OSSL_LIB_CTX* context;

 private:
  OSSL_PROVIDER* default_ = nullptr;
};

// A key: what the public half does, the public half does; signing is the function's. Immutable.
struct KeyContent {
  EVP_PKEY* public_half = nullptr;
  DigestSigner signer;  // empty: only the public half is there

  KeyContent() = default;
  KeyContent(const KeyContent&) = delete;
  KeyContent& operator=(const KeyContent&) = delete;
  ~KeyContent() { EVP_PKEY_free(public_half); }
};

// What OpenSSL knows as the key's data.
struct KeyData {
  Provider* provider;
  const char* type;  // "RSA" or "EC"
  std::shared_ptr<KeyContent> content;
};

// The parameter of EVP_PKEY_fromdata() that carries a pointer to a Handover.
inline constexpr const char* kHandoverParameter = "signet-token-key";

struct Handover {
  ByteView public_key;  // DER SubjectPublicKeyInfo
  DigestSigner signer;
};

extern const OSSL_ALGORITHM kKeyManagements[];
extern const OSSL_ALGORITHM kSignatures[];

inline constexpr const char* kProperties = "provider=signet-token";

// A function in the form in which OpenSSL's tables have it.
template <typename Function>
OSSL_DISPATCH entry(int id, Function* function) {
  return {id, reinterpret_cast<void (*)()>(function)};
}

// Nothing may be thrown into OpenSSL.
template <typename Work>
int guarded(Work&& work) noexcept {
  try {
    return std::forward<Work>(work)() ? 1 : 0;
  } catch (...) {
    return 0;
  }
}

}  // namespace signet::keygen::provider

#endif  // SIGNET_KEYGEN_TOKEN_PROVIDER_H_
