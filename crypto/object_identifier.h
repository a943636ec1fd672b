// Object identifiers (ITU-T X.660) as text.
#ifndef SIGNET_CRYPTO_OBJECT_IDENTIFIER_H_
#define SIGNET_CRYPTO_OBJECT_IDENTIFIER_H_

#include <openssl/types.h>

#include <string>

#include "common/bytes.h"

namespace signet::crypto {

// The dotted form of RFC 4512, 1.4: "1.3.6.1.4.1.32473.1", also of identifiers for which OpenSSL has a name. Empty for null
// and where OpenSSL does not write it: it refuses long ones (more than 500 bytes of DER), which would take it long.
std::string dotted(const ASN1_OBJECT* object);

// `der`: an OBJECT IDENTIFIER. Empty, too, where it is none.
std::string dotted(ByteView der);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_OBJECT_IDENTIFIER_H_
