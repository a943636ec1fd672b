// Runs test cases of the PKCS#11 profiles against any module.
//
//   profile_runner MODULE [--set NAME=VALUE]... CASE_FILE...
//
// The user's PIN comes from the environment variable PIN, so that no process list shows it; a case reads it as $pin.
// Exit status: 0 when all cases pass, 1 when one fails, 2 for a case file or a command line that is wrong.

#include <cstdlib>
#include <iostream>
#include <span>
#include <stdexcept>

#include "conformance/profiles/calls.h"
#include "conformance/profiles/case_file.h"
#include "conformance/profiles/symbols.h"
#include "tests/support/loaded_module.h"

namespace signet::profiles {
namespace {

// Loaded again for each case, so that a case that fails half-way leaves nothing for the next.
class Module {
 public:
  explicit Module(const std::string& file) : loaded_(file) {
    functions_.get_interface_list = loaded_.symbol<CK_C_GetInterfaceList>("C_GetInterfaceList");
    functions_.get_interface = loaded_.symbol<CK_C_GetInterface>("C_GetInterface");
    functions_.table = newest_table();
  }
  Module(const Module&) = delete;
  Module& operator=(const Module&) = delete;

  ~Module() { functions_.table->C_Finalize(nullptr); }  // nothing after a case that finished

  const Functions& functions() const { return functions_; }

 private:
  CK_FUNCTION_LIST_3_0* newest_table() const {
    CK_INTERFACE* found = nullptr;
    if (functions_.get_interface != nullptr &&
        functions_.get_interface(nullptr, nullptr, &found, 0) == CKR_OK) {
      return static_cast<CK_FUNCTION_LIST_3_0*>(found->pFunctionList);
    }
    // The 2.40 table is the beginning of the 3.0 table; what follows is used from version 3 on only.
    return reinterpret_cast<CK_FUNCTION_LIST_3_0*>(loaded_.operator->());
  }

  const tests::LoadedModule loaded_;
  Functions functions_;
};

bool holds(const Check& check, const Value& actual, const Value& expected) {
  if (check.relation == "is") return same(actual, expected);
  if (check.relation == "is-not") return !same(actual, expected);
  if (check.relation == "has") return contains(actual, expected);
  if (check.relation == "lacks") return (number_of(actual) & number_of(expected)) == 0;
  if (check.relation == "at-least") return number_of(actual) >= number_of(expected);
  return number_of(actual) <= number_of(expected);
}

// One run of one case. Names the line of everything that is not as written.
class Run {
 public:
  Run(const Case& test_case, const Module& module, Values variables)
      : case_(test_case), module_(module), variables_(std::move(variables)) {}

  // Everything that failed; a call that answers otherwise ends the case.
  std::vector<std::string> failures() {
    for (const Step& step : case_.steps) {
      if (!do_step(step)) break;
    }
    return std::move(failures_);
  }

  int checks() const { return checks_; }

 private:
  bool do_step(const Step& step) {
    try {
      Values results;
      Arguments arguments(step, variables_);
      const CK_RV rv = make_call(module_.functions(), step.call, arguments, results);
      ++checks_;
      if (name_of_answer(rv) != step.answer) {
        fail(step.line, step.call + " answered " + name_of_answer(rv) + ", not " + step.answer);
        return false;
      }
      for (const Check& check : step.checks) do_check(step, check, results);
      return true;
    } catch (const std::runtime_error& error) {
      fail(step.line, step.call + ": " + error.what());
      return false;
    }
  }

  void do_check(const Step& step, const Check& check, const Values& results) {
    const Value actual = look_up(check.result, results);
    if (check.relation == "as") {
      variables_[check.value] = actual;
      return;
    }
    ++checks_;
    if (holds(check, actual, read_value(check.value, variables_))) return;
    fail(check.line, step.call + ": " + check.result + " is " + show(actual) +
                         ", expected: " + check.relation + " " + check.value);
  }

  void fail(int line, const std::string& sentence) {
    failures_.push_back(case_.file.filename().string() + ":" + std::to_string(line) + ": " +
                        sentence);
  }

  const Case& case_;
  const Module& module_;
  Values variables_;
  std::vector<std::string> failures_;
  int checks_ = 0;
};

struct Task {
  std::string module;
  Values variables;
  std::vector<Case> cases;
};

void set_variable(Values& variables, const std::string& text) {
  const auto sign = text.find('=');
  if (sign == std::string::npos) throw std::runtime_error("--set wants NAME=VALUE");
  variables[text.substr(0, sign)] = read_value(text.substr(sign + 1), {});
}

Task read_task(std::span<char*> arguments) {
  if (arguments.size() < 3) {
    throw std::runtime_error("usage: profile_runner MODULE [--set NAME=VALUE]... CASE_FILE...");
  }
  Task task;
  task.module = arguments[1];
  if (const char* pin = std::getenv("PIN"); pin != nullptr) {
    task.variables["pin"] = Bytes(pin, pin + std::string_view(pin).size());
  }
  for (std::size_t i = 2; i < arguments.size(); ++i) {
    if (std::string_view(arguments[i]) == "--set" && i + 1 < arguments.size()) {
      set_variable(task.variables, arguments[++i]);
    } else {
      task.cases.push_back(read_case(arguments[i]));
    }
  }
  if (task.cases.empty()) throw std::runtime_error("no case file is named");
  return task;
}

// True when the case passes.
bool run(const Task& task, const Case& test_case) {
  const Module module(task.module);
  Run one(test_case, module, task.variables);
  const auto failures = one.failures();
  std::cout << (failures.empty() ? "pass  " : "FAIL  ") << test_case.id << "  " << test_case.title
            << " (" << test_case.steps.size() << " calls, " << one.checks() << " checks)\n";
  for (const std::string& failure : failures) std::cout << "      " << failure << "\n";
  return failures.empty();
}

}  // namespace
}  // namespace signet::profiles

int main(int argc, char** argv) {
  using namespace signet::profiles;
  try {
    const Task task = read_task({argv, static_cast<std::size_t>(argc)});
    std::size_t passed = 0;
    for (const Case& test_case : task.cases) passed += run(task, test_case) ? 1 : 0;
    std::cout << passed << " of " << task.cases.size() << " cases pass" << std::endl;
    return passed == task.cases.size() ? EXIT_SUCCESS : EXIT_FAILURE;
  } catch (const std::runtime_error& error) {
    std::cerr << "profile_runner: " << error.what() << "\n";
    return 2;
  }
}
