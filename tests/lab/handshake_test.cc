// Connections are kept open: a handshake per thread at most, not per signature.
#include <fmt/format.h>
#include <gtest/gtest.h>

#include <iostream>

#include "tests/lab/laboratory.h"
#include "tests/lab/signing_threads.h"

namespace signet::tests {
namespace {

constexpr int kSigners = 8;
constexpr int kSignaturesEach = 125;

TEST(HandshakeTest, AThousandSignaturesOnEightThreadsNeedAtMostEightHandshakes) {
  Laboratory lab(Laboratory::Route::direct);
  const Module module;
  Session session(module);
  session.login(lab.pin());
  const auto key = session.find_one({CKO_PRIVATE_KEY, "signer", {}});
  const auto before = lab.counters();

  std::vector<std::thread> threads;
  for (int worker = 0; worker < kSigners; ++worker) {
    threads.emplace_back([&, worker] {
      Session own(module);
      for (int i = 0; i < kSignaturesEach; ++i) {
        EXPECT_EQ(sign_once(own, key, fmt::format("{} {}", worker, i)).code, CKR_OK);
      }
    });
  }
  for (auto& thread : threads) thread.join();

  const auto after = lab.counters();
  EXPECT_EQ(after.requests, before.requests + kSigners * kSignaturesEach);
  // Reading the counters afterwards is a handshake with each member, too.
  const auto handshakes = after.handshakes - before.handshakes - 2;
  std::cout << "[ measured ] handshakes for 1000 signatures: " << handshakes << '\n';
  EXPECT_LE(handshakes, kSigners);
}

}  // namespace
}  // namespace signet::tests
