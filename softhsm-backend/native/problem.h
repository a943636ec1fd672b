// What the appliance says when it does not do what was asked: RFC 9457 with the SAPI code of the
// contract.
#ifndef SIGNET_SOFTHSM_BACKEND_NATIVE_PROBLEM_H_
#define SIGNET_SOFTHSM_BACKEND_NATIVE_PROBLEM_H_

#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "common/result.h"
#include "softhsm-backend/message.h"

namespace signet::emulator {

struct Problem {
  unsigned status = 500;
  std::string sapi_code;
  std::string title;
  std::string detail;
  std::vector<std::pair<std::string, std::string>> headers;
  std::string primary;  // 421 only: where writes belong
};

// A value, or what to answer instead.
template <typename T>
using Outcome = Result<T, Problem>;

Answer to_answer(const Problem& problem);

// One factory for each row of the contract's table of failures, and for HTTP's own.
namespace problems {

Problem wrong_password();
Problem key_locked(std::string detail);
Problem account_locked();
Problem password_expired();
Problem account_disabled();
Problem account_not_activated();
Problem sign_credential(std::string detail);
Problem not_permitted();
Problem no_such_object(std::string detail);
Problem exists_already(std::string detail);
Problem set_changed();
Problem misdirected(std::string primary);
Problem password_policy(std::string detail);
Problem password_length(std::string detail);
Problem digest_length(std::string detail);
Problem bad_parameter(std::string detail);
Problem idempotency_conflict();
Problem key_limit();
Problem certificate_limit();
Problem busy(std::string detail);
Problem appliance_fault();

Problem malformed(std::string detail);             // 400
Problem no_such_path();                            // 404
Problem wrong_method(const std::string& allowed);  // 405
Problem too_large(std::string detail);             // 413
Problem wrong_content_type();                      // 415
Problem header_too_large();                        // 431

}  // namespace problems

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_NATIVE_PROBLEM_H_
