#include "bindings/c/testing/self_check_stand_in.h"

#include "integrity/self_check.h"

namespace signet::c {

bool code_is_damaged = false;

}  // namespace signet::c

namespace signet::integrity {

CkResult<void> check_self(const std::shared_ptr<crypto::Context>& /*context*/) {
  if (c::code_is_damaged) return ck_error(CKR_GENERAL_ERROR, "the code was changed");
  return success();
}

}  // namespace signet::integrity
