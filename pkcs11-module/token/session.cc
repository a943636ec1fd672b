#include "pkcs11-module/token/session.h"

namespace signet::token {

CK_STATE Session::state() const {
  switch (token_->role()) {
    case Role::user:
      return read_write() ? CKS_RW_USER_FUNCTIONS : CKS_RO_USER_FUNCTIONS;
    case Role::security_officer:
      return CKS_RW_SO_FUNCTIONS;
    case Role::nobody:
      break;
  }
  return read_write() ? CKS_RW_PUBLIC_SESSION : CKS_RO_PUBLIC_SESSION;
}

CkResult<void> KeyedOperation::restart(const std::shared_ptr<crypto::Context>& context) {
  BOOST_OUTCOME_TRY(message, operation::Message::start(context, chosen, *key));
  in_parts = false;
  return success();
}

}  // namespace signet::token
