#include "softhsm-backend/native/problem.h"

#include "common/json_text.h"

namespace signet::emulator {

Problem ProblemKind::operator()(std::string detail) const {
  return {.status = status,
          .sapi_code = sapi_code,
          .title = title,
          .detail = std::move(detail),
          .headers = {},
          .primary = {}};
}

Answer to_answer(const Problem& problem) {
  boost::json::object body{{"type", "about:blank"},
                           {"title", problem.title},
                           {"status", problem.status},
                           {"detail", problem.detail}};
  if (!problem.sapi_code.empty()) body["sapiCode"] = problem.sapi_code;
  if (!problem.primary.empty()) body["primary"] = problem.primary;
  return {.status = problem.status, .body = json_text(body), .headers = problem.headers};
}

namespace problems {

Problem wrong_password() {
  constexpr ProblemKind kind{401, "0x900201E0", "Wrong user or password"};
  Problem problem = kind("The user is unknown or the password is wrong.");
  problem.headers.emplace_back("WWW-Authenticate", "Basic realm=\"dsa\", charset=\"UTF-8\"");
  return problem;
}

Problem wrong_method(const std::string& allowed) {
  constexpr ProblemKind kind{405, kBadParameter, "Method not allowed"};
  Problem problem = kind("This resource offers: " + allowed);
  problem.headers.emplace_back("Allow", allowed);
  return problem;
}

Problem misdirected(std::string primary) {
  constexpr ProblemKind kind{421, "", "Not the primary"};
  Problem problem = kind("Only the primary changes keys and certificates.");
  problem.primary = std::move(primary);
  return problem;
}

Problem busy(std::string detail) {
  constexpr ProblemKind kind{503, "0x90020113", "Busy"};
  Problem problem = kind(std::move(detail));
  problem.headers.emplace_back("Retry-After", "1");
  return problem;
}

}  // namespace problems

}  // namespace signet::emulator
