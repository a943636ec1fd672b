// Results with the PKCS#11 code that the caller of a C_ function will see.
#ifndef SIGNET_CRYPTO_CK_RESULT_H_
#define SIGNET_CRYPTO_CK_RESULT_H_

#include <string>
#include <utility>

#include "common/cause.h"
#include "common/result.h"
#include "cryptoki/cryptoki.h"

namespace signet {

struct CkError {
  CK_RV rv = CKR_GENERAL_ERROR;
  std::string sentence;  // for people: what is wrong and what to do; never a secret
  Cause cause;           // where a remote service was asked
};

template <typename T>
using CkResult = Result<T, CkError>;

inline CkError ck_error(CK_RV rv, std::string sentence) {
  return CkError{rv, std::move(sentence), {}};
}

}  // namespace signet

#endif  // SIGNET_CRYPTO_CK_RESULT_H_
