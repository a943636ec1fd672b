#include "crypto/fork_gate.h"

#include <pthread.h>
#include <time.h>

#include <atomic>

namespace signet::crypto {

namespace {

constexpr long kLook = 50'000;    // nanoseconds
constexpr int kMostLooks = 2000;  // 100 ms in all

constinit std::atomic<int> inside{0};
constinit std::atomic<int> forks{0};  // under way
constinit std::atomic<bool> watched{false};

void wait_for_none(const std::atomic<int>& count) {
  for (int i = 0; i < kMostLooks && count > 0; ++i) {
    const timespec look{0, kLook};
    ::nanosleep(&look, nullptr);
  }
}

void before_fork() {
  ++forks;
  wait_for_none(inside);
}

void after_fork_in_parent() {
  --forks;
}

// Whoever was inside, is not here.
void after_fork_in_child() {
  inside = 0;
  forks = 0;
}

}  // namespace

ForkPass::ForkPass() {
  ++inside;
  if (forks == 0) return;
  --inside;
  wait_for_none(forks);
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
