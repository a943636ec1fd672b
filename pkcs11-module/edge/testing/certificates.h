// Certificates for tests.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_CERTIFICATES_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_CERTIFICATES_H_

#include <openssl/types.h>

#include <string>

#include "common/bytes.h"

namespace signet::edge::testing {

// DER, self-signed, valid from yesterday for two days.
Bytes self_signed(EVP_PKEY* key, const std::string& common_name);

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_CERTIFICATES_H_
