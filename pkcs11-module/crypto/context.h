// OpenSSL in a library context of our own: the host's configuration, engines and providers (which may load
// this very module) have no part in it.
#ifndef SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_
#define SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_

#include <openssl/types.h>

#include <memory>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::crypto {

// Thread-safe. Everything made from a context holds a shared_ptr to it.
class Context {
 public:
  static Result<std::shared_ptr<Context>> create();
  ~Context();
  Context(const Context&) = delete;
  Context& operator=(const Context&) = delete;

  OSSL_LIB_CTX* get() const { return context_; }

 private:
  Context() = default;

  OSSL_LIB_CTX* context_ = nullptr;
  OSSL_PROVIDER* provider_ = nullptr;
};

// True once the process has run OPENSSL_cleanup (an exit handler): no OpenSSL object may be used or freed.
bool openssl_is_gone();

// Keeps the host's OpenSSL error queue as it was: whatever we add is taken off again at the end of scope.
class ErrorQueueGuard {
 public:
  ErrorQueueGuard();
  ~ErrorQueueGuard();
  ErrorQueueGuard(const ErrorQueueGuard&) = delete;
  ErrorQueueGuard& operator=(const ErrorQueueGuard&) = delete;
};

// Fills `out` from the system's generator.
Result<void> random_bytes(std::span<std::uint8_t> out);

}  // namespace signet::crypto

#endif  // SIGNET_PKCS11_MODULE_CRYPTO_CONTEXT_H_
