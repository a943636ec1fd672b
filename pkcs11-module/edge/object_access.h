// Finding the object behind a handle, for a session.
#ifndef SIGNET_PKCS11_MODULE_EDGE_OBJECT_ACCESS_H_
#define SIGNET_PKCS11_MODULE_EDGE_OBJECT_ACCESS_H_

#include "pkcs11-module/token/library.h"

namespace signet::edge {

// A session object or a token object that the session may see. `missing`: CKR_OBJECT_HANDLE_INVALID or
// CKR_KEY_HANDLE_INVALID; also for a private object while nobody is logged in.
CkResult<object::ObjectPtr> find_object(token::Library& library, const token::Session& session,
                                        CK_OBJECT_HANDLE handle,
                                        CK_RV missing = CKR_OBJECT_HANDLE_INVALID);

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_OBJECT_ACCESS_H_
