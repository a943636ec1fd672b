// Another PKCS#11 module, loaded for a TokenObject.
#ifndef SIGNET_PINNING_TOKEN_MODULE_H_
#define SIGNET_PINNING_TOKEN_MODULE_H_

#include <string>

#include "common/cryptoki.h"
#include "common/result.h"

namespace signet::pinning {

// Loaded and initialised; never unloaded. The error is a sentence.
Either<CK_FUNCTION_LIST*, std::string> load_token_module(const std::string& path);

}  // namespace signet::pinning

#endif  // SIGNET_PINNING_TOKEN_MODULE_H_
