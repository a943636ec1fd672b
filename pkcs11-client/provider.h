// The parts of the provider "signet-token"; for provider_key.cc, provider_keymgmt.cc and
// provider_signature.cc. See provider-keymgmt(7) and provider-signature(7).
#ifndef SIGNET_PKCS11_CLIENT_PROVIDER_H_
#define SIGNET_PKCS11_CLIENT_PROVIDER_H_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

#include <memory>
#include <utility>

#include "crypto/openssl_ptr.h"
#include "pkcs11-client/provider_key.h"

namespace signet::pkcs11::provider {

// A key: what the public half does, the public half does; signing is the function's. Immutable.
struct KeyContent {
  PkeyPtr public_half;
  DigestSigner signer;  // empty: only the public half is there
};

// What OpenSSL knows as the key's data.
struct KeyData {
  OSSL_LIB_CTX* context;
  const char* type;  // kTypes
  std::shared_ptr<KeyContent> content;
};

// The types of keys, by OpenSSL's names.
inline constexpr char kRsa[] = "RSA";
inline constexpr char kEc[] = "EC";
inline constexpr char kEd25519[] = "ED25519";
inline constexpr const char* kTypes[] = {kRsa, kEc, kEd25519};

// The parameter of EVP_PKEY_fromdata() that carries a pointer to a Handover.
inline constexpr const char* kHandoverParameter = "signet-token-key";

struct Handover {
  ByteView public_key;  // DER SubjectPublicKeyInfo
  DigestSigner signer;
};

extern const OSSL_ALGORITHM kKeyManagements[];
extern const OSSL_ALGORITHM kSignatures[];

inline constexpr const char* kProperties = "provider=signet-token";
inline constexpr const char* kDefaultProperties = "provider=default";

// Public halves and digests are the default provider's.
PkeyPtr public_half_of(OSSL_LIB_CTX* context, ByteView spki);

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

}  // namespace signet::pkcs11::provider

#endif  // SIGNET_PKCS11_CLIENT_PROVIDER_H_
