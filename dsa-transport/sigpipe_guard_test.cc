#include "dsa-transport/sigpipe_guard.h"

#include <gtest/gtest.h>
#include <unistd.h>

namespace signet::transport {
namespace {

// Unguarded, this ends the process.
void write_to_nobody() {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  close(ends[1]);
}

bool blocked() {
  sigset_t now;
  pthread_sigmask(SIG_BLOCK, nullptr, &now);
  return sigismember(&now, SIGPIPE) == 1;
}

TEST(SigpipeGuard, KeepsTheSignalFromTheProcess) {
  {
    const SigpipeGuard guard;
    write_to_nobody();
  }
  EXPECT_FALSE(blocked());
}

TEST(SigpipeGuard, LeavesASignalThatWasPendingBefore) {
  {
    const SigpipeGuard outer;
    write_to_nobody();
    { const SigpipeGuard inner; }
    sigset_t pending;
    sigpending(&pending);
    EXPECT_EQ(sigismember(&pending, SIGPIPE), 1);
    EXPECT_TRUE(blocked());
  }
  EXPECT_FALSE(blocked());
}

}  // namespace
}  // namespace signet::transport
