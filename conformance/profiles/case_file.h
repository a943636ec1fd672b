// Reads a case: the calls of one test case of the PKCS#11 profiles, and what each must give.
//
//   case BL-M-1-31
//   title Baseline Provider
//
//   # a remark
//   C_OpenSession slot=$slot flags=CKF_SERIAL_SESSION
//     session as $session
//   C_FindObjects session=$session objects=1 => CKR_OPERATION_NOT_INITIALIZED
//
// A line that begins in the first column is a call: its name, its arguments, and after "=>" the answer where it is
// not CKR_OK. The indented lines below it say of its results:
//
//   NAME is VALUE         NAME is-not VALUE     equal, not equal
//   NAME at-least NUMBER  NAME at-most NUMBER
//   NAME has VALUE        NAME lacks VALUE      bits of a number, an entry of a list
//   NAME as $variable                           kept for later calls
#ifndef SIGNET_CONFORMANCE_PROFILES_CASE_FILE_H_
#define SIGNET_CONFORMANCE_PROFILES_CASE_FILE_H_

#include <filesystem>
#include <string>
#include <vector>

namespace signet::profiles {

struct Argument {
  std::string name;
  std::string value;  // as written, for read_value()
};

struct Check {
  int line = 0;
  std::string result;
  std::string relation;
  std::string value;  // as written; of "as", the variable's name without "$"
};

struct Step {
  int line = 0;
  std::string call;
  std::vector<Argument> arguments;
  std::string answer = "CKR_OK";
  std::vector<Check> checks;
};

struct Case {
  std::string id;
  std::string title;
  std::filesystem::path file;
  std::vector<Step> steps;
};

// Throws std::runtime_error, with file and line, where the file cannot be read or says nothing.
Case read_case(const std::filesystem::path& file);

}  // namespace signet::profiles

#endif  // SIGNET_CONFORMANCE_PROFILES_CASE_FILE_H_
