// Results inside the library: a value, or an Error with the PKCS#11 code that the caller will see.
//
//   Result<Key> find(...);
//   BOOST_OUTCOME_TRY(auto key, find(...));   // returns the error to our own caller
#ifndef SIGNET_COMMON_RESULT_H_
#define SIGNET_COMMON_RESULT_H_

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/all_narrow.hpp>
#include <boost/outcome/try.hpp>
#include <string>
#include <utility>

#include "common/cryptoki.h"

namespace signet {

// What an appliance said when it caused the error; empty where it was not asked.
struct Cause {
  int http_status = 0;      // 0: no answer arrived
  std::string sapi_code;    // "0x900201E0", as in the contract
  std::string request_id;   // X-Request-Id of the answer
  std::string member = {};  // URL of the one that was asked; its answer or its silence is the cause
};

struct Error {
  CK_RV rv = CKR_GENERAL_ERROR;
  std::string sentence;  // for people: what is wrong and what to do; never a secret
  Cause cause;
};

// A value or an error of any type. Reading the one that is not there is undefined: test first, or use TRY.
template <typename T, typename E>
using Either = boost::outcome_v2::basic_result<T, E, boost::outcome_v2::policy::all_narrow>;

template <typename T>
using Result = Either<T, Error>;

inline Error error(CK_RV rv, std::string sentence) {
  return Error{rv, std::move(sentence), {}};
}

inline auto success() {
  return boost::outcome_v2::success();
}

}  // namespace signet

#endif  // SIGNET_COMMON_RESULT_H_
