// What can go wrong at a service of each dialect, and the calls at which it can.
#ifndef SIGNET_TESTS_FAILURES_CASES_H_
#define SIGNET_TESTS_FAILURES_CASES_H_

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "tests/failures/scripted_service.h"

namespace signet::tests {

// A function of PKCS#11, or of the vendor interface, that makes a call of the dialect.
enum class Function {
  get_mechanism_list,
  login,
  login_officer,
  sign,
  set_pin,
  init_pin,
  time_stamp
};
std::string name_of(Function function);

struct Step {
  std::string name;  // in the table
  std::string call;  // of ScriptedService
  Function function;
  Situation situation = {};
  bool both_versions = true;  // of the CSC API; false: the second only
};
std::vector<Step> steps_of(Dialect dialect);

struct Failing {
  std::string name;   // in the table
  std::string words;  // of the service, which the log has to repeat; empty: none
  // Nothing where the call cannot fail so.
  std::function<std::optional<https::TestReply>(const Step&)> reply;
};
std::vector<Failing> csc_failures();
std::vector<Failing> sapiws_failures();

}  // namespace signet::tests

#endif  // SIGNET_TESTS_FAILURES_CASES_H_
