// Calls of asynchronous sessions that have to wait for the appliance (PKCS#11 3.2).
#ifndef SIGNET_PKCS11_MODULE_EDGE_PENDING_H_
#define SIGNET_PKCS11_MODULE_EDGE_PENDING_H_

#include <memory>

#include "pkcs11-module/token/library.h"

namespace signet::edge {

// Sends the request and answers CKR_PENDING; C_AsyncComplete tells what became of it. At once are answered: an error of a
// request that was not sent, success where nothing had to be sent, and CKR_OPERATION_ACTIVE where a call of the kind is pending.
CkResult<void> start_pending(token::Library& library, token::Session& session,
                             const token::PendingCall::Request& request,
                             token::PendingCall::Work work);

// Sends again the request of a call that has this id, which is good for one who does. CKR_SAVED_STATE_INVALID where another was
// faster, CKR_OPERATION_ACTIVE.
CkResult<void> join_pending(token::Library& library, token::Session& session, CK_ULONG id,
                            const token::PendingCall::Request& request,
                            token::PendingCall::Work work);

// CKR_SAVED_STATE_INVALID.
CkError no_saved_call();

// CKR_OPERATION_ACTIVE.
CkResult<void> require_none_pending(token::Session& session, token::CallKind kind)
    SIGNET_REQUIRES(session.mutex());

// Of a task without output.
token::CallTask outcome_of(Task<CkResult<void>> task);

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_PENDING_H_
