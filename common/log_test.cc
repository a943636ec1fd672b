#include "common/log.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <string>
#include <thread>
#include <vector>

#include "common/testing/open_descriptors.h"
#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

class LogTest : public testing::Test {
 protected:
  void SetUp() override { ASSERT_EQ(log::open({.level = log::Level::info, .to = file()}), ""); }
  void TearDown() override { log::close(); }

  std::string file() const { return folder_.path("log"); }
  std::string content() const { return folder_.read("log"); }
  bool has(std::string_view text) const { return content().find(text) != std::string::npos; }

  ScratchFolder folder_;
};

// The child's exit status, or -1 where it does not end by itself within ten seconds.
int status_of(pid_t child) {
  for (int i = 0; i < 1000; ++i) {
    int status = 0;
    if (waitpid(child, &status, WNOHANG) == child) {
      return WIFEXITED(status) ? WEXITSTATUS(status) : -1;
    }
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  kill(child, SIGKILL);
  waitpid(child, nullptr, 0);
  return -1;
}

TEST_F(LogTest, WritesLinesOfItsLevelAndAbove) {
  log::debug("below {}", 1);
  log::info("at {}", 2);
  log::error("above {}", 3);
  EXPECT_FALSE(has("below 1"));
  EXPECT_TRUE(has("at 2"));
  EXPECT_TRUE(has("above 3"));
}

TEST_F(LogTest, WritesFieldsBesideTheSentence) {
  const std::array<log::Field, 1> fields = {{{"function", "C_Sign"}}};
  log::write(log::Level::warn, "failed", fields);
  EXPECT_TRUE(has("warn: failed function=C_Sign\n"));
}

TEST_F(LogTest, KeepsTheFormerTargetWhereTheNewOneCannotBeOpened) {
  EXPECT_NE(log::open({.to = "/proc/no-such-folder/log"}).find("/proc/no-such-folder/log"),
            std::string::npos);
  log::info("still here");
  EXPECT_TRUE(has("still here"));
}

TEST_F(LogTest, ClosesItsDescriptors) {
  log::close();
  const auto before = open_descriptors();
  for (int i = 0; i < 50; ++i) {
    ASSERT_EQ(log::open({.to = file()}), "");
    log::close();
  }
  EXPECT_EQ(open_descriptors(), before);
}

TEST_F(LogTest, LeavesErrnoAlone) {
  errno = EXDEV;
  log::info("line");
  EXPECT_EQ(errno, EXDEV);
}

TEST_F(LogTest, ShowsTheChildsProcessIdAfterAFork) {
  const pid_t child = fork();
  if (child == 0) {
    log::info("from the child");
    _exit(0);
  }
  ASSERT_EQ(status_of(child), 0);
  EXPECT_TRUE(has("signet[" + std::to_string(child) + "] info: from the child"));
}

TEST_F(LogTest, AForkWhileThreadsWriteLeavesTheChildAbleToWrite) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      while (!stop) log::info("busy");
    });
  }
  for (int i = 0; i < 25; ++i) {
    const pid_t child = fork();
    if (child == 0) {
      log::info("child {}", i);
      log::close();
      _exit(0);
    }
    EXPECT_EQ(status_of(child), 0);
  }
  stop = true;
  for (auto& writer : writers) writer.join();
  EXPECT_TRUE(has("child 24"));
}

TEST_F(LogTest, TargetsAreExchangedWhileThreadsWriteWholeLines) {
  std::atomic<bool> stop = false;
  std::vector<std::thread> writers;
  for (int i = 0; i < 4; ++i) {
    writers.emplace_back([&] {
      while (!stop) log::error("a whole line");
    });
  }
  const std::string other = folder_.path("other");
  for (int i = 0; i < 200; ++i) {
    EXPECT_EQ(log::open({.to = i % 2 == 0 ? other : file()}), "");
  }
  stop = true;
  for (auto& writer : writers) writer.join();
  std::istringstream lines(content() + folder_.read("other"));
  for (std::string line; std::getline(lines, line);) {
    EXPECT_TRUE(line.ends_with(" error: a whole line")) << line;
  }
}

TEST_F(LogTest, WorksInStaticDestructorsOfTheHost) {
  const pid_t child = fork();
  if (child == 0) {
    static const struct AtTheVeryEnd {
      ~AtTheVeryEnd() { log::info("the host is going"); }
    } at_the_very_end;
    std::exit(0);  // NOLINT(concurrency-mt-unsafe)
  }
  ASSERT_EQ(status_of(child), 0);
  EXPECT_TRUE(has("the host is going"));
}

TEST_F(LogTest, ABrokenPipeOnStandardErrorDoesNotKillTheHost) {
  const pid_t child = fork();
  if (child == 0) {
    std::array<int, 2> ends{};
    if (pipe2(ends.data(), O_CLOEXEC) != 0) _exit(1);
    dup2(ends[1], STDERR_FILENO);
    ::close(ends[0]);
    ::close(ends[1]);
    log::close();
    log::error("nobody reads");
    sigset_t pending;
    sigpending(&pending);
    _exit(sigismember(&pending, SIGPIPE) == 0 ? 0 : 2);
  }
  EXPECT_EQ(status_of(child), 0);
}

TEST_F(LogTest, ABrokenPipeLeavesAPendingSignalOfTheHostPending) {
  const pid_t child = fork();
  if (child == 0) {
    sigset_t pipe;
    sigemptyset(&pipe);
    sigaddset(&pipe, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &pipe, nullptr);
    raise(SIGPIPE);
    log::error("line");
    sigset_t pending;
    sigpending(&pending);
    _exit(sigismember(&pending, SIGPIPE) == 1 ? 0 : 2);
  }
  EXPECT_EQ(status_of(child), 0);
}

TEST(Log, IsQuietAndNeedsNoOpening) {
  log::close();
  EXPECT_TRUE(log::enabled(log::Level::warn));
  EXPECT_FALSE(log::enabled(log::Level::info));
}

TEST(Log, KnowsItsLevelsByName) {
  EXPECT_EQ(log::level_from("trace"), log::Level::trace);
  EXPECT_FALSE(log::level_from("loud"));
}

}  // namespace
}  // namespace signet
