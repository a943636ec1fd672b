#include "crypto/fork_gate.h"

#include <pthread.h>
#include <time.h>

#include <atomic>
#include <chrono>

namespace signet::crypto {

namespace {

using std::chrono::steady_clock;

constexpr std::chrono::seconds kPatience{1};
constexpr timespec kLook{0, 50'000};

// No variable of the thread tells who is inside: its memory could be missing when it is wanted first, which glibc takes for the
// end of the process.
constinit std::atomic<int> inside{0};
constinit std::atomic<int> waiting{0};  // forks that wait for those inside, or are under way
constinit std::atomic<int> forking{0};  // of those, that do not wait any more
constinit std::atomic<bool> watched{false};

void wait_for_none(const std::atomic<int>& count, steady_clock::time_point end) {
  while (count > 0 && steady_clock::now() < end) ::nanosleep(&kLook, nullptr);
}

// Whoever enters at the same moment sees the fork, or is seen by it.
void before_fork() {
  const auto end = steady_clock::now() + kPatience;
  ++waiting;
  for (;;) {
    wait_for_none(inside, end);
    ++forking;
    if (inside == 0 || steady_clock::now() >= end) return;
    --forking;
  }
}

void after_fork_in_parent() {
  --forking;
  --waiting;
}

void after_fork_in_child() {
  inside = 0;
  forking = 0;
  waiting = 0;
}

}  // namespace

ForkPass::ForkPass(Length length) {
  const std::atomic<int>& hindrance = length == Length::step ? waiting : forking;
  ++inside;
  if (hindrance == 0) return;
  --inside;
  wait_for_none(hindrance, steady_clock::now() + kPatience);
  ++inside;
}

ForkPass::~ForkPass() {
  // A child that was forked inside has none left.
  int before = inside;
  while (before > 0 && !inside.compare_exchange_weak(before, before - 1)) {
  }
}

void watch_forks() {
  if (watched.exchange(true)) return;
  if (::pthread_atfork(before_fork, after_fork_in_parent, after_fork_in_child) != 0)
    watched = false;
}

}  // namespace signet::crypto
