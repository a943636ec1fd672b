// One life of the module, from C_Initialize to C_Finalize, call by call: what an ordinary program asks
// for, each call with something around it that makes it fail, and what it answered. The
// shared loader (tests/support/loaded_module.h) loads the module; its calls are not made through Session of
// tests/support/module.h, which throws where a call fails.
#ifndef SIGNET_TESTS_EXHAUSTION_LIFE_H_
#define SIGNET_TESTS_EXHAUSTION_LIFE_H_

#include <functional>
#include <string>
#include <vector>

#include "cryptoki/cryptoki.h"
#include "tests/support/module.h"

namespace signet::tests {

struct Answered {
  const char* function;
  CK_RV code;
};

// Makes a call under some want and gives its answer.
using Under = std::function<CK_RV(const char* function, const std::function<CK_RV()>& call)>;

// A call that fails is made once more, this time without `under`, and has to succeed then. What failed,
// in order. Throws std::runtime_error where something is wrong: the second attempt failed, a signature
// does not verify, a key was not found.
std::vector<Answered> live(const LoadedModule& module, const std::string& pin, const Under& under);

// Nothing is wanting.
CK_RV in_plenty(const char* function, const std::function<CK_RV()>& call);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_EXHAUSTION_LIFE_H_
