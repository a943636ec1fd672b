// Another PKCS#11 module, loaded for a TokenObject.
#ifndef SIGNET_PKCS11_CLIENT_TOKEN_MODULE_H_
#define SIGNET_PKCS11_CLIENT_TOKEN_MODULE_H_

#include <string>

#include "common/result.h"
#include "cryptoki/cryptoki.h"

namespace signet::pkcs11 {

// Loaded and initialised; never unloaded. The error is a sentence.
Result<CK_FUNCTION_LIST*, std::string> load_token_module(const std::string& path);

}  // namespace signet::pkcs11

#endif  // SIGNET_PKCS11_CLIENT_TOKEN_MODULE_H_
