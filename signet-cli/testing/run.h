// For tests: the command run in this process, with what it wrote.
#ifndef SIGNET_SIGNET_CLI_TESTING_RUN_H_
#define SIGNET_SIGNET_CLI_TESTING_RUN_H_

#include <sstream>
#include <string>
#include <vector>

#include "signet-cli/app.h"

namespace signet::cli {

struct Outcome {
  int exit_code;
  std::string out;
  std::string err;
};

inline Outcome outcome_of(const std::vector<std::string>& arguments) {
  std::ostringstream out;
  std::ostringstream err;
  const int exit_code = run(arguments, out, err);
  return {exit_code, out.str(), err.str()};
}

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_TESTING_RUN_H_
