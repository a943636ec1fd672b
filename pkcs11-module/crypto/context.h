// OpenSSL in a library context of our own: the host's configuration and providers (which may load
// this very module) have no part in it.
//
// What libcrypto gives no way around: an ENGINE that the host made the default for a digest or a
// key type is consulted whatever the library context. While such an ENGINE is being initialised
// libcrypto holds a lock that every digest, key and verification takes; so nothing but
// Context::create() may be called from C_Initialize, which an ENGINE calls at exactly that moment.
#ifndef SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_
#define SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_

#include <openssl/types.h>

#include <array>
#include <memory>

#include "common/bytes.h"
#include "common/result.h"
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

  // Fetched once, ours to free; nullptr for none.
  const EVP_MD* digest(HashType hash) const { return digests_[static_cast<std::size_t>(hash)]; }

 private:
  Context() = default;

  OSSL_LIB_CTX* context_ = nullptr;
  OSSL_PROVIDER* provider_ = nullptr;
  std::array<EVP_MD*, kHashTypes.size() + 1> digests_{};  // by HashType
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
