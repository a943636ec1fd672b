// OpenSSL of our own inside a host that may use OpenSSL too: a library context with the default
// provider and no configuration file (the host's might load this very module), and the host's error
// queue left as it was.
#ifndef SIGNET_CRYPTO_CRYPTO_CONTEXT_H_
#define SIGNET_CRYPTO_CRYPTO_CONTEXT_H_

#include <openssl/err.h>
#include <openssl/provider.h>
#include <openssl/types.h>

#include "crypto/openssl_ptr.h"

namespace signet::crypto {

class CryptoContext {
 public:
  CryptoContext() : context_(OSSL_LIB_CTX_new()) {
    ERR_set_mark();
    if (context_) provider_.reset(OSSL_PROVIDER_load(context_.get(), "default"));
  }
  ~CryptoContext() { ERR_pop_to_mark(); }
  CryptoContext(const CryptoContext&) = delete;
  CryptoContext& operator=(const CryptoContext&) = delete;

  explicit operator bool() const { return provider_ != nullptr; }
  OSSL_LIB_CTX* get() const { return context_.get(); }

 private:
  OpensslPtr<OSSL_LIB_CTX, OSSL_LIB_CTX_free> context_;
  OpensslPtr<OSSL_PROVIDER, OSSL_PROVIDER_unload> provider_;
};

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_CRYPTO_CONTEXT_H_
