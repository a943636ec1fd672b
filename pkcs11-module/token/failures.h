// From what an appliance could not do to the code that the caller of one kind of call gets.
#ifndef SIGNET_PKCS11_MODULE_TOKEN_FAILURES_H_
#define SIGNET_PKCS11_MODULE_TOKEN_FAILURES_H_

#include "crypto/ck_result.h"
#include "dsa-transport/appliance_error.h"

namespace signet::token {

enum class Purpose { login, change_pin, read, sign, generate, create, destroy, change, time_stamp };

CkError error_of(const transport::ApplianceError& failure, Purpose purpose);

// The value, or the error of that purpose.
template <typename T>
CkResult<T> translate(transport::Answer<T>&& answer, Purpose purpose) {
  if (!answer) return error_of(answer.error(), purpose);
  if constexpr (std::is_void_v<T>) {
    return success();
  } else {
    return std::move(answer).value();
  }
}

}  // namespace signet::token

#endif  // SIGNET_PKCS11_MODULE_TOKEN_FAILURES_H_
