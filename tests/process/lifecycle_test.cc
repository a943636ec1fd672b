// Loading, working and unloading leaves nothing behind.
#include <gtest/gtest.h>
#include <stdlib.h>

#include <iostream>

#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/process.h"

namespace signet::tests {
namespace {

std::string rounds() {
  const char* wanted = getenv("SIGNET_TEST_ROUNDS");
  return wanted == nullptr ? "30" : wanted;
}

void expect_nothing_left(const std::string& how) {
  const Emulator emulator({"ec:P-256:p256"});
  use_config(emulator.client_config());
  setenv("SIGNET_TEST_PIN", emulator.pin().c_str(), 1);
  // What malloc keeps for threads counts as allocated; without that, the count is exact.
  setenv("GLIBC_TUNABLES",
         "glibc.malloc.tcache_count=0:glibc.malloc.arena_max=1:glibc.malloc.mxfast=0", 1);
  std::cout << output_of({SIGNET_TEST_LIFECYCLE_HOST, rounds(), how});
}

TEST(LifecycleTest, LoadSignInFourThreadsAndUnloadLeavesNoThreadDescriptorOrMemory) {
  expect_nothing_left("finalized");
}

TEST(LifecycleTest, UnloadingWithoutCFinalizeLeavesNoThreadDescriptorOrMemoryEither) {
  expect_nothing_left("unfinalized");
}

}  // namespace
}  // namespace signet::tests
