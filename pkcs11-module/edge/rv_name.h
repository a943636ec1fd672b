// The names of the return values, for the log.
#ifndef SIGNET_PKCS11_MODULE_EDGE_RV_NAME_H_
#define SIGNET_PKCS11_MODULE_EDGE_RV_NAME_H_

#include <string>

#include "common/cryptoki.h"

namespace signet::edge {

// "CKR_PIN_INCORRECT"; a number for what the standard does not name.
std::string rv_name(CK_RV rv);

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_RV_NAME_H_
