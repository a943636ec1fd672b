// C_Initialize and C_Finalize beside calls of other threads.

#include <gtest/gtest.h>

#include <atomic>
#include <thread>

#include "pkcs11-module/edge/testing/module_setup.h"

namespace signet::edge::testing {
namespace {

// A program may call in before, between and after the runs. None of that may confuse the count of calls inside, for
// which C_Finalize waits: it would wait for ever.
TEST(Entry, RunsBeginAndEndBesideCallsThatFindNone) {
  constexpr int runs = 300;
  ModuleSetup::furnish_with([](transport::FakeAppliance&) {});  // making keys takes time
  ModuleSetup setup;
  std::atomic<bool> done = false;
  std::atomic<unsigned> strange = 0;
  std::thread other([&] {
    while (!done) {
      CK_ULONG count = 0;
      const CK_RV rv = C_GetSlotList(CK_FALSE, nullptr, &count);
      if (rv != CKR_OK && rv != CKR_CRYPTOKI_NOT_INITIALIZED) ++strange;
    }
  });
  for (int run = 0; run < runs; ++run) setup.restart();
  done = true;
  other.join();
  ModuleSetup::furnish_with({});
  EXPECT_EQ(strange, 0U);
}

}  // namespace
}  // namespace signet::edge::testing
