// One signature: a request to the appliance, and the check of what came back.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_SIGNER_H_
#define SIGNET_PKCS11_MODULE_TOKEN_SIGNER_H_

#include "pkcs11-module/token/session.h"

namespace signet::token {

// Ends the operation's message and signs it. One request, or two: see Token::sign(). A signature that does not verify is
// CKR_DEVICE_ERROR and is not returned. The second credential of the operation, if any, is used up.
CkResult<Bytes> sign_message(Token& token, KeyedOperation& operation);

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_SIGNER_H_
