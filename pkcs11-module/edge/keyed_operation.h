// What signing, verifying and their message forms have in common at the edge.
#ifndef SIGNET_PKCS11_MODULE_EDGE_KEYED_OPERATION_H_
#define SIGNET_PKCS11_MODULE_EDGE_KEYED_OPERATION_H_

#include <optional>

#include "pkcs11-module/token/library.h"

namespace signet::edge {

using Place = std::optional<token::KeyedOperation>;

// The place of one kind of operation in a session.
using PlaceOf = Place token::Operations::*;

// C_SignInit and its kin: checks mechanism, key and state, and makes the operation active at `place`. A NULL mechanism cancels the
// active operation (PKCS#11 3.0, 5.11.1). `use`: CKF_SIGN or CKF_VERIFY.
CkResult<void> begin(token::Library& library, CK_SESSION_HANDLE session, PlaceOf place,
                     const CK_MECHANISM* mechanism, CK_OBJECT_HANDLE key, CK_FLAGS use);

// C_SignUpdate and C_VerifyUpdate: an error ends the operation.
CkResult<void> update(token::Library& library, CK_SESSION_HANDLE session, PlaceOf place,
                      const CK_BYTE* part, CK_ULONG part_len);

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_KEYED_OPERATION_H_
