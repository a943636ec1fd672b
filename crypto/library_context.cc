#include "crypto/library_context.h"

#include <openssl/crypto.h>
#include <openssl/provider.h>

namespace signet::crypto {

bool openssl_is_gone() {
  // Asked for nothing, OpenSSL sets nothing up, reads no configuration, and refuses only after its
  // cleanup.
  return OPENSSL_init_crypto(0, nullptr) == 0;
}

LibraryContext::LibraryContext() {
  watch_forks();
  const ForkPass pass(ForkPass::Length::instant);
  context_ = OSSL_LIB_CTX_new();
  if (context_ != nullptr) provider_ = OSSL_PROVIDER_load(context_, "default");
}

LibraryContext::~LibraryContext() {
  if (openssl_is_gone()) return;
  const ForkPass pass(ForkPass::Length::instant);
  if (provider_ != nullptr) OSSL_PROVIDER_unload(provider_);
  OSSL_LIB_CTX_free(context_);
}

DefaultContext::DefaultContext(const LibraryContext& ours)
    : before_(OSSL_LIB_CTX_set0_default(ours.get())) {
  if (before_ != ours.get()) pass_.emplace(ForkPass::Length::step);
}

DefaultContext::~DefaultContext() {
  OSSL_LIB_CTX_set0_default(before_);
}

void end_thread_in(const LibraryContext& ours) {
  const ForkPass pass(ForkPass::Length::instant);
  OPENSSL_thread_stop_ex(ours.get());
}

ProcessContext::ProcessContext()
    : before_(OSSL_LIB_CTX_set0_default(OSSL_LIB_CTX_get0_global_default())) {}

ProcessContext::~ProcessContext() {
  OSSL_LIB_CTX_set0_default(before_);
}

}  // namespace signet::crypto
