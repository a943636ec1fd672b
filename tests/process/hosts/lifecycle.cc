// A host that loads the module, works with it in 4 threads and unloads it, again and again:
// lifecycle ROUNDS finalized|unfinalized
//
// It ends with 0 where threads, descriptors and memory are after the last round what they were
// after the first tenth. $SIGNET_CONFIG names the configuration, $SIGNET_TEST_PIN has the PIN, and
// the key is labelled "p256".
#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <string>
#include <thread>
#include <vector>

#include "tests/process/public_key.h"
#include "tests/support/figures.h"
#include "tests/support/module.h"
#include "tests/support/sanitizers.h"

namespace signet::tests {
namespace {

constexpr int kThreads = 4;
constexpr int kSignaturesPerThread = 2;
constexpr int kLeastWarmUp = 10;

// What a round may leave behind, on the average: less than the smallest allocation. Pages that malloc
// cannot give back settle late, so the resident size has some room beside.
constexpr std::size_t kHeapBytesPerRound = 16;
constexpr std::size_t kResidentRoomKib = 4096;
constexpr std::size_t kResidentBytesPerRound = 256;

void sign_some(const LoadedModule& module, const std::string& pin) {
  Session session(module);
  session.login(pin);
  const auto key = session.find_one({CKO_PRIVATE_KEY, "p256", {}});
  const PublicKey public_key(session.attribute(key, CKA_PUBLIC_KEY_INFO));
  const Bytes message = copy_of(view_of("round and round"));
  for (int i = 0; i < kSignaturesPerThread; ++i) {
    if (!public_key.verifies(message, session.sign(CKM_ECDSA_SHA256, key, message))) {
      throw std::runtime_error("a signature does not verify");
    }
  }
}

void sign_or_fail(const LoadedModule& module, const std::string& pin, std::string& problem) {
  try {
    sign_some(module, pin);
  } catch (const std::exception& error) {
    problem = error.what();
  }
}

void work(const LoadedModule& module, const std::string& pin) {
  Session session(module);
  session.login(pin);
  std::vector<std::string> problems(kThreads);
  std::vector<std::thread> threads;
  for (auto& problem : problems) {
    threads.emplace_back([&] { sign_or_fail(module, pin, problem); });
  }
  for (auto& thread : threads) thread.join();
  for (const auto& problem : problems) {
    if (!problem.empty()) throw std::runtime_error(problem);
  }
}

void live_once(const std::string& pin, bool finalized) {
  if (finalized) return work(Module(), pin);
  const LoadedModule module;
  expect_ok(module.initialize(), "C_Initialize");
  work(module, pin);
}

void print(std::FILE* out, const char* when, const Figures& figures) {
  fmt::print(out, "{}: {} threads, {} descriptors, {} KiB resident, {} bytes on the heap\n", when,
             figures.threads, figures.descriptors, figures.resident_kib, figures.heap_bytes);
}

// The memory of a program with a sanitizer is mostly the sanitizer's.
#ifdef SIGNET_SANITIZED
constexpr bool kMemoryIsOurs = false;
#else
constexpr bool kMemoryIsOurs = true;
#endif

bool has_grown(const Figures& before, const Figures& after, std::size_t rounds) {
  if (after.threads > before.threads || after.descriptors > before.descriptors) return true;
  if (!kMemoryIsOurs) return false;
  return after.heap_bytes > before.heap_bytes + rounds * kHeapBytesPerRound ||
         after.resident_kib >
             before.resident_kib + kResidentRoomKib + rounds * kResidentBytesPerRound / 1024;
}

int run(int rounds, const std::string& pin, bool finalized) {
  const int warm_up = std::max(rounds / 10, kLeastWarmUp);
  for (int round = 0; round < warm_up; ++round) live_once(pin, finalized);
  const Figures before = current_figures();
  for (int round = warm_up; round < rounds; ++round) live_once(pin, finalized);
  const Figures after = current_figures();
  const bool grown = has_grown(before, after, static_cast<std::size_t>(rounds - warm_up));
  print(grown ? stderr : stdout, "after the warm-up", before);
  print(grown ? stderr : stdout, "after the last round", after);
  return grown ? 1 : 0;
}

}  // namespace
}  // namespace signet::tests

int main(int count, char** words) {
  const char* pin = std::getenv("SIGNET_TEST_PIN");
  if (count != 3 || pin == nullptr) return 2;
  try {
    return signet::tests::run(std::stoi(words[1]), pin, words[2] == std::string_view("finalized"));
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 3;
  }
}
