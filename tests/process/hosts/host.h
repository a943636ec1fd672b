// What the small hosts have in common.
#ifndef SIGNET_TESTS_PROCESS_HOSTS_HOST_H_
#define SIGNET_TESTS_PROCESS_HOSTS_HOST_H_

#include <cstdlib>
#include <string>

#include "tests/support/module.h"

namespace signet::tests {

// With this status every host ends, whatever the module does.
constexpr int kOwnStatus = 42;

inline std::string pin_of_environment() {
  const char* pin = std::getenv("SIGNET_TEST_PIN");
  return pin == nullptr ? std::string() : pin;
}

// An initialised module that nobody finalises or unloads.
inline const LoadedModule& module_for_good() {
  static const auto* const module = [] {
    auto* loaded = new LoadedModule;
    expect_ok(loaded->initialize(), "C_Initialize");
    return loaded;
  }();
  return *module;
}

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PROCESS_HOSTS_HOST_H_
