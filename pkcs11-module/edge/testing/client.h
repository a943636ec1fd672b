// What programs do between C_Initialize and a signature, one call a function; throws std::runtime_error for any
// answer but CKR_OK, so that a test says only what it is about.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_CLIENT_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_CLIENT_H_

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"
#include "pkcs11-module/edge/testing/module_setup.h"

namespace signet::edge::testing {

// C_SignInit with a mechanism without a parameter.
CK_RV begin_signature(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key);

// C_SignInit and C_Sign into 512 bytes.
Bytes sign(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key,
           Bytes data);

// C_SignFinal into 512 bytes.
Bytes finish_signature(CK_SESSION_HANDLE session);

// C_VerifyInit and C_Verify.
CK_RV verify(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key,
             Bytes data, Bytes signature);

// C_GetAttributeValue twice: for the length, for the value.
Bytes attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type);

CK_STATE state_of(CK_SESSION_HANDLE session);

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_CLIENT_H_
