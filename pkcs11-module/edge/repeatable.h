// Calls of asynchronous sessions that another process can ask for again (PKCS#11 3.2, C_AsyncGetID and C_AsyncJoin).
#ifndef SIGNET_PKCS11_MODULE_EDGE_REPEATABLE_H_
#define SIGNET_PKCS11_MODULE_EDGE_REPEATABLE_H_

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "dsa-transport/sign_record.h"
#include "pkcs11-module/token/library.h"

namespace signet::edge {

// The generation of a key pair, under an idempotency key of its own.
CkResult<token::PendingCall::Work> work_of_generating(token::Token& token, transport::KeySpec spec);

// What a signature needs so that it can be asked for again; null where it cannot: the service does not repeat its answers, or
// what would have to be kept is a secret or a whole message.
std::shared_ptr<transport::SignRecord> sign_record(const token::Token& token,
                                                   const token::KeyedOperation& operation,
                                                   bool has_sign_password);

// Of such a signature.
token::PendingCall::Save save_of_signing(const token::Token& token, std::string_view function,
                                         std::shared_ptr<transport::SignRecord> record,
                                         std::shared_ptr<const crypto::PublicKey> key);

// A call that was found by its id, ready to be sent again.
struct FoundCall {
  token::CallKind kind;
  token::PendingCall::Work work;
  std::size_t output_size = 0;  // bytes; 0: no value
};

// Nothing where it is not this token's and account's.
std::optional<FoundCall> found_call(token::Token& token, const token::SavedCall& saved);

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_REPEATABLE_H_
