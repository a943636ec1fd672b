// OpenSSL in a library context of our own: the host's configuration and providers (which may load
// this very module) have no part in it.
//
// libcrypto's EVP functions look for a default ENGINE whatever the library context, and before they
// do they read the host's configuration, once a process; it may load this module again in the
// middle of our call. Therefore digests and the reading of keys and certificates go past EVP: they
// read no configuration and meet no ENGINE, so they may be used in every call, C_Initialize
// included, under any lock. Only the verification of signatures needs EVP.
#ifndef SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_
#define SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_

#include <openssl/ec.h>
#include <openssl/types.h>

#include <array>
#include <map>
#include <memory>
#include <string_view>

#include "common/bytes.h"
#include "common/result.h"
#include "pkcs11-module/crypto/curve.h"
#include "pkcs11-module/crypto/hash_type.h"

namespace signet::crypto {

// Thread-safe. Everything made from a context holds a shared_ptr to it.
class Context {
 public:
  // Errors: CKR_CRYPTOKI_NOT_INITIALIZED where openssl_is_gone(), CKR_GENERAL_ERROR where OpenSSL's
  // default provider cannot be used.
  static Result<std::shared_ptr<Context>> create();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  OSSL_LIB_CTX* get() const { return context_; }

  // The default provider's functions for a hash (provider-digest(7)) and their first argument;
  // nullptr for none.
  const OSSL_DISPATCH* digest_functions(HashType hash) const;

  // The same for keys of CKK_RSA, CKK_EC and CKK_EC_EDWARDS: provider-keymgmt(7), provider-signature(7).
  struct KeyFunctions {
    const OSSL_DISPATCH* management = nullptr;
    const OSSL_DISPATCH* signature = nullptr;
  };
  const KeyFunctions& key_functions(CK_KEY_TYPE type) const;
  void* provider_state() const;

  // nullptr for Ed25519.
  const EC_GROUP* group(const NamedCurve& curve) const;

 private:
  Context() = default;
  // The functions of the algorithm `name` of an operation (OSSL_OP_DIGEST and the like); nullptr: none.
  const OSSL_DISPATCH* functions_of(int operation, std::string_view name);
  bool find_digests();
  bool find_keys();
  bool make_groups();

  OSSL_LIB_CTX* context_ = nullptr;
  OSSL_PROVIDER* provider_ = nullptr;
  std::map<int, const OSSL_ALGORITHM*> algorithms_;  // by operation; held until the end
  std::array<const OSSL_DISPATCH*, kHashTypes.size() + 1> digest_functions_{};  // by HashType
  KeyFunctions rsa_;
  KeyFunctions ec_;
  KeyFunctions edwards_;
  std::array<EC_GROUP*, kEcCurves> groups_{};  // as named_curves()
};

// True once the process has run OPENSSL_cleanup (an exit handler): no OpenSSL object may be used or
// freed.
bool openssl_is_gone();

// Keeps the host's OpenSSL error queue as it was: whatever we add is taken off again at the end of
// scope. May be nested. The queue holds 16 errors; a host that left it full loses its oldest ones.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard();
  ~ErrorQueueGuard();
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
};

// Fills `out` from the system's generator. CKR_RANDOM_NO_RNG where the system has none.
Result<void> random_bytes(std::span<std::uint8_t> out);

}  // namespace signet::crypto

#endif  // SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_
