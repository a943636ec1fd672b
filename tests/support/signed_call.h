// One signature, and what its caller saw.
#ifndef SIGNET_TESTS_SUPPORT_SIGNED_CALL_H_
#define SIGNET_TESTS_SUPPORT_SIGNED_CALL_H_

#include <string>

#include "common/clock.h"
#include "tests/support/module.h"

namespace signet::tests {

// One C_SignInit and C_Sign.
struct SignedCall {
  SteadyTime began;
  Milliseconds took{0};
  CK_RV code = CKR_OK;
  std::string message;
  Bytes signature;  // empty after a failure
};

// Signs once with CKM_ECDSA_SHA256 and says how it went. Throws std::runtime_error where a failed
// call has touched the caller's buffer, CryptokiError where C_SignInit fails.
SignedCall sign_once(Session& session, CK_OBJECT_HANDLE key, const std::string& message);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_SUPPORT_SIGNED_CALL_H_
