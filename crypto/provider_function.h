// The functions of an OpenSSL provider's algorithm (provider(7)): a table of numbers and pointers.
#ifndef SIGNET_CRYPTO_PROVIDER_FUNCTION_H_
#define SIGNET_CRYPTO_PROVIDER_FUNCTION_H_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

namespace signet::crypto {

// One of them, in the form that the number stands for; nullptr where the algorithm has none.
template <typename Function>
Function* provider_function(const OSSL_DISPATCH* functions, int id) {
  for (; functions->function_id != 0; ++functions) {
    if (functions->function_id == id) return reinterpret_cast<Function*>(functions->function);
  }
  return nullptr;
}

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_PROVIDER_FUNCTION_H_
