// The emulator's memory after enormous answers: without it a soak says nothing of growth.

#include <gtest/gtest.h>

#include <iostream>
#include <thread>
#include <vector>

#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/figures.h"
#include "tests/support/module.h"
#include "tests/support/signed_call.h"

namespace signet::tests {
namespace {

constexpr int kThreads = 12;
constexpr int kRounds = 4;
constexpr std::size_t kRoomKib = 32UL * 1024;

TEST(ApplianceMemory, IsGivenBackAfterAnswersOfEightMebibytes) {
  const Emulator emulator{{"ec:P-256:signer"}};
  use_config(emulator.client_config());
  const Module module;
  Session session(module);
  session.login(emulator.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  ASSERT_EQ(sign_once(session, key, "before").code, CKR_OK);
  const auto appliance = emulator.member().process_id();
  const std::size_t before = figures_of(appliance).resident_kib;

  emulator.member().queue_faults(
      R"({"kind": "oversize", "times": 0, "match": {"method": "POST"}})");
  std::vector<std::jthread> threads;
  for (int i = 0; i < kThreads; ++i) {
    threads.emplace_back([&] {
      Session own(module);
      for (int round = 0; round < kRounds; ++round) {
        EXPECT_NE(sign_once(own, key, "enormous").code, CKR_OK);
      }
    });
  }
  threads.clear();
  EXPECT_GE(emulator.member().faults_met(), static_cast<std::uint64_t>(kThreads));
  const std::size_t after = figures_of(appliance).resident_kib;
  std::cout << "resident: " << before << " KiB before, " << after << " KiB after\n";
  EXPECT_LT(after, before + kRoomKib);
}

}  // namespace
}  // namespace signet::tests
