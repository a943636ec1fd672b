#include "common/process_mark.h"

#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <thread>

namespace signet {
namespace {

TEST(ProcessMark, IsTheSameInEachThread) {
  const std::uint64_t mine = process_mark();
  EXPECT_NE(mine, 0U);
  std::uint64_t others = 0;
  std::thread([&] { others = process_mark(); }).join();
  EXPECT_EQ(others, mine);
}

TEST(ProcessMark, IsAnotherInAChildWhateverItsProcessId) {
  const std::uint64_t mine = process_mark();
  const auto differs = [&] {
    const pid_t child = fork();
    if (child == 0) {
      // The number that the kernel empties, with and without the process ids in it.
      const auto id = [](pid_t pid) { return static_cast<std::uint64_t>(pid) << 2U; };
      const auto here = process_mark();
      _exit(here != mine && (here ^ id(getpid())) != (mine ^ id(getppid())) ? 0 : 1);
    }
    int status = -1;
    return waitpid(child, &status, 0) == child && status == 0;
  };
  EXPECT_TRUE(differs());
  EXPECT_TRUE(differs());
  EXPECT_EQ(process_mark(), mine);
}

}  // namespace
}  // namespace signet
