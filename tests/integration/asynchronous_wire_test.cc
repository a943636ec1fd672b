// Asynchronous sessions over the wire: one thread, many signatures under way.
#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <cstdlib>
#include <filesystem>
#include <optional>
#include <set>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/client_config.h"
#include "tests/support/emulator.h"
#include "tests/support/figures.h"
#include "tests/support/module.h"
#include "tests/support/sanitizers.h"
#include "tests/support/signatures_in_flight.h"
#include "tests/support/x509.h"

namespace signet::tests {
namespace {

Bytes digest_number(std::size_t number) {
  Bytes digest(32, 0x5a);
  for (std::size_t i = 0; i < sizeof number; ++i) {
    digest[i] = static_cast<std::uint8_t>(number >> (8 * i));
  }
  return digest;
}

std::size_t open_descriptors() {
  const std::filesystem::directory_iterator open("/proc/self/fd");
  return static_cast<std::size_t>(std::distance(begin(open), end(open)));
}

class AsynchronousWireTest : public testing::Test {
 protected:
  AsynchronousWireTest() {
    use_config(emulator_.client_config());
    module_.emplace();
    session_.emplace(*module_);
    session_->login(emulator_.pin());
    key_ = session_->find_one({CKO_PRIVATE_KEY, "ec", {}});
    // What an appliance can take in one request is known from now on.
    CK_ULONG count = 0;
    expect_ok((*module_)->C_GetMechanismList(slot(), nullptr, &count), "C_GetMechanismList");
  }

  CK_SLOT_ID slot() const { return module_->slot_of("seal"); }

  const Emulator emulator_{{"ec:P-256:ec"}};
  std::optional<Module> module_;
  std::optional<Session> session_;
  CK_OBJECT_HANDLE key_ = 0;
};

TEST_F(AsynchronousWireTest, OneThreadHasHundredsOfSignaturesUnderWay) {
  constexpr std::size_t kSessions = 300;
  constexpr std::size_t kSignatures = 600;
  [[maybe_unused]] const auto requests = emulator_.counters().requests;
  const auto journal = emulator_.journal().size();
  std::set<std::size_t> ended;
  std::set<Bytes> signatures;
  // The appliance is what they wait for, and not this machine.
  emulator_.member().queue_faults(
      R"({"kind":"delay","ms":300,"times":0,"match":{"method":"POST","path_prefix":"/dsa/v1/keys"}})");
  SignaturesInFlight flight(*module_, slot(), kSessions);
  flight.sign(key_, kSignatures, digest_number, [&](std::size_t number, const Bytes& signature) {
    ended.insert(number);
    signatures.insert(signature);
  });
  EXPECT_EQ(ended.size(), kSignatures);
  EXPECT_EQ(signatures.size(), kSignatures) << "each has its own";
  EXPECT_GT(flight.most_under_way(), kSessions / 2);
  EXPECT_EQ(emulator_.journal().size(), journal + kSignatures) << "each was made once";
#ifndef SIGNET_SANITIZED
  // Those that are begun while others wait for the appliance; a sanitizer takes as long to begin one.
  EXPECT_LT(emulator_.counters().requests - requests, kSignatures / 2) << "they travel together";
#endif
}

// `connections` of docs/configuration.md, as it is by default: they come as they are needed, in any round. Each has its own
// socket and the two by which libcurl's wait for it is ended.
constexpr std::size_t kDescriptorsOfKeptConnections = std::size_t{16} * 3;

// A thousand; in the long form ten thousand.
std::size_t many_sessions() {
  const char* const given = std::getenv("SIGNET_SESSIONS_IN_FLIGHT");
  return given == nullptr ? 1'000 : std::stoul(given);
}

TEST_F(AsynchronousWireTest, ThousandsInFlightLeakNeitherDescriptorsNorMemory) {
  // The first ones fill the buffers of the connections, by less and less: 44, 17, 23, 9 kB, and 9 at most after that.
  constexpr std::size_t kRounds = 4;
  const std::size_t sessions = many_sessions();
  const std::size_t before = open_descriptors();
  std::size_t most = 0;
  [[maybe_unused]] std::size_t heap_of_sessions = 0;
  const auto count = [&](std::size_t number, const Bytes& /*signature*/) {
    if (number % 100 == 0) most = std::max(most, open_descriptors());
  };
  {
    SignaturesInFlight flight(*module_, slot(), sessions);
    for (std::size_t i = 0; i < kRounds; ++i) flight.sign(key_, sessions, digest_number, count);
    EXPECT_GT(flight.most_under_way(), sessions / 2);
    heap_of_sessions = current_figures().heap_bytes;
    for (std::size_t i = 0; i < kRounds; ++i) flight.sign(key_, sessions, digest_number, count);
#ifndef SIGNET_SANITIZED
    // Less than the smallest allocation for each signature.
    EXPECT_LE(current_figures().heap_bytes, heap_of_sessions + 16 * kRounds * sessions);
#endif
  }
  EXPECT_LE(most, before + kDescriptorsOfKeptConnections);
  EXPECT_LE(open_descriptors(), before + kDescriptorsOfKeptConnections);
#ifndef SIGNET_SANITIZED
  EXPECT_LT(current_figures().heap_bytes, heap_of_sessions) << "closed sessions are given back";
#endif
}

TEST_F(AsynchronousWireTest, ASynchronousSignatureAmongPendingOnesIsNotHeldUp) {
  constexpr std::size_t kSessions = 100;
  SignaturesInFlight flight(*module_, slot(), kSessions);
  std::size_t made = 0;
  flight.sign(
      key_, 3 * kSessions, digest_number, [&](std::size_t number, const Bytes& /*signature*/) {
        if (number % 50 != 0) return;
        EXPECT_EQ(session_->sign(CKM_ECDSA, key_, digest_number(1'000'000 + number)).size(), 64U);
        ++made;
      });
  EXPECT_EQ(made, 6U);
}

TEST_F(AsynchronousWireTest, ThreadsWithPendingAndWithSynchronousCallsGoOnBesideEachOther) {
  std::vector<std::thread> threads;
  std::atomic<unsigned> made{0};
  for (int i = 0; i < 2; ++i) {
    threads.emplace_back([&] {
      SignaturesInFlight flight(*module_, slot(), 50);
      flight.sign(key_, 200, digest_number, [&](std::size_t, const Bytes&) { ++made; });
    });
    threads.emplace_back([&] {
      Session own(*module_);
      for (std::size_t number = 0; number < 50; ++number) {
        (void)own.sign(CKM_ECDSA, key_, digest_number(number));
        ++made;
      }
    });
  }
  for (auto& thread : threads) thread.join();
  EXPECT_EQ(made, 500U);
}

TEST_F(AsynchronousWireTest, AnAbandonedFlightLeavesNothingBehind) {
  {
    SignaturesInFlight flight(*module_, slot(), 50);
    EXPECT_THROW(flight.sign(key_, 200, digest_number,
                             [](std::size_t number, const Bytes& /*signature*/) {
                               if (number == 20) throw std::runtime_error("enough");
                             }),
                 std::runtime_error);
  }
  EXPECT_EQ(session_->sign(CKM_ECDSA, key_, digest_number(7)).size(), 64U);
}

}  // namespace
}  // namespace signet::tests
