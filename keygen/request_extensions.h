// The extensions of a certificate request; for request.cc.
#ifndef SIGNET_KEYGEN_REQUEST_EXTENSIONS_H_
#define SIGNET_KEYGEN_REQUEST_EXTENSIONS_H_

#include "crypto/openssl.h"
#include "keygen/request.h"

namespace signet::keygen {

struct ExtensionStackDeleter {
  void operator()(STACK_OF(X509_EXTENSION) * stack) const {
    sk_X509_EXTENSION_pop_free(stack, X509_EXTENSION_free);
  }
};
using ExtensionStackPtr = std::unique_ptr<STACK_OF(X509_EXTENSION), ExtensionStackDeleter>;

// All that a wish asks for; may be empty.
TokenResult<ExtensionStackPtr> extensions_of(const RequestWish& wish);

// DER Extension of those kinds that a request may carry, out of a certificate.
std::vector<Bytes> extensions_of(const Certificate& certificate);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_REQUEST_EXTENSIONS_H_
