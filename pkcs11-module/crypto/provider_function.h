// The functions of an OpenSSL provider, called directly. EVP asks the process's engines before it asks a
// provider, whatever library context it is given: a program that makes the libp11 engine its default (as
// `openssl -engine pkcs11` does) would get our public keys handed to that engine.
#ifndef SIGNET_PKCS11_MODULE_CRYPTO_PROVIDER_FUNCTION_H_
#define SIGNET_PKCS11_MODULE_CRYPTO_PROVIDER_FUNCTION_H_

#include <openssl/core.h>
#include <openssl/core_dispatch.h>

namespace signet::crypto {

// One of a provider's functions, in the form that a provider's table has; nullptr where it has none.
template <typename Function>
Function* provider_function(const OSSL_DISPATCH* functions, int id) {
  for (; functions->function_id != 0; ++functions) {
    if (functions->function_id == id) return reinterpret_cast<Function*>(functions->function);
  }
  return nullptr;
}

}  // namespace signet::crypto

#endif  // SIGNET_PKCS11_MODULE_CRYPTO_PROVIDER_FUNCTION_H_
