#include "pkcs11-module/crypto/context.h"

#include <openssl/crypto.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/provider.h>
#include <sys/random.h>

#include <cerrno>
#include <string>

namespace signet::crypto {

Result<std::shared_ptr<Context>> Context::create() {
  if (openssl_is_gone()) {
    return error(CKR_CRYPTOKI_NOT_INITIALIZED, "OpenSSL has shut down: the process is ending");
  }
  const ErrorQueueGuard guard;
  std::shared_ptr<Context> context(new Context());
  context->context_ = OSSL_LIB_CTX_new();
  if (context->context_ == nullptr) {
    return error(CKR_HOST_MEMORY, "OpenSSL gave no library context");
  }
  context->provider_ = OSSL_PROVIDER_load(context->context_, "default");
  if (context->provider_ == nullptr) {
    return error(CKR_GENERAL_ERROR, "OpenSSL's default provider cannot be loaded");
  }
  for (const HashType hash : kHashTypes) {
    EVP_MD* digest = EVP_MD_fetch(context->context_, hash_name(hash), nullptr);
    if (digest == nullptr) {
      return error(CKR_GENERAL_ERROR,
                   std::string("OpenSSL's default provider lacks ") + hash_name(hash));
    }
    context->digests_[static_cast<std::size_t>(hash)] = digest;
  }
  return context;
}

Context::~Context() {
  if (openssl_is_gone()) return;
  for (EVP_MD* digest : digests_) EVP_MD_free(digest);
  if (provider_ != nullptr) OSSL_PROVIDER_unload(provider_);
  OSSL_LIB_CTX_free(context_);
}

bool openssl_is_gone() {
  // Asked for nothing, OpenSSL sets nothing up, reads no configuration, and refuses only after its
  // cleanup.
  return OPENSSL_init_crypto(0, nullptr) == 0;
}

ErrorQueueGuard::ErrorQueueGuard() {
  ERR_set_mark();
}

// On an empty queue no mark is set, and this empties it again.
ErrorQueueGuard::~ErrorQueueGuard() {
  ERR_pop_to_mark();
}

Result<void> random_bytes(std::span<std::uint8_t> out) {
  while (!out.empty()) {
    const ssize_t got = getrandom(out.data(), out.size(), 0);
    if (got < 0) {
      if (errno == EINTR) continue;
      return error(CKR_RANDOM_NO_RNG, "the system's random generator cannot be read");
    }
    out = out.subspan(static_cast<std::size_t>(got));
  }
  return success();
}

}  // namespace signet::crypto
