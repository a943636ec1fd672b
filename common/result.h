// Results: a value, or an error of any type that says why there is none.
//
//   Result<Key, KeyError> find(...);
//   BOOST_OUTCOME_TRY(auto key, find(...));   // returns the error to our own caller
#ifndef SIGNET_COMMON_RESULT_H_
#define SIGNET_COMMON_RESULT_H_

#include <boost/outcome/basic_result.hpp>
#include <boost/outcome/policy/all_narrow.hpp>
#include <boost/outcome/try.hpp>

namespace signet {

// Reading the one that is not there is undefined: test first, or use TRY.
template <typename T, typename E>
using Result = boost::outcome_v2::basic_result<T, E, boost::outcome_v2::policy::all_narrow>;

inline auto success() {
  return boost::outcome_v2::success();
}

}  // namespace signet

#endif  // SIGNET_COMMON_RESULT_H_
