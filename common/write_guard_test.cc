#include "common/write_guard.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "common/descriptor.h"
#include "common/testing/scratch_folder.h"

namespace signet {
namespace {

// Unguarded, this ends the process.
void write_to_nobody() {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  close(ends[0]);
  EXPECT_EQ(write(ends[1], "x", 1), -1);
  close(ends[1]);
}

bool pipe_signal_is_blocked() {
  sigset_t now;
  pthread_sigmask(SIG_BLOCK, nullptr, &now);
  return sigismember(&now, SIGPIPE) == 1;
}

TEST(WriteGuard, KeepsTheSignalFromTheProcess) {
  {
    const WriteGuard guard;
    write_to_nobody();
  }
  EXPECT_FALSE(pipe_signal_is_blocked());
}

TEST(WriteGuard, LeavesASignalThatWasPendingBefore) {
  {
    const WriteGuard outer;
    write_to_nobody();
    { const WriteGuard inner; }
    sigset_t pending;
    sigpending(&pending);
    EXPECT_EQ(sigismember(&pending, SIGPIPE), 1);
    EXPECT_TRUE(pipe_signal_is_blocked());
  }
  EXPECT_FALSE(pipe_signal_is_blocked());
}

// In a child: the limit cannot be taken back everywhere.
TEST(WriteGuard, ALimitOnTheSizeOfFilesIsAnErrorOnly) {
  const ScratchFolder folder;
  const pid_t child = fork();
  if (child == 0) {
    const rlimit none{0, 0};
    setrlimit(RLIMIT_FSIZE, &none);
    const Descriptor file(open(folder.path("file").c_str(), O_WRONLY | O_CREAT | O_CLOEXEC, 0600));
    ssize_t written = 0;
    int error = 0;
    {
      const WriteGuard guard;
      written = write(file.get(), "x", 1);
      error = errno;
    }
    _exit(written == -1 && error == EFBIG ? 0 : 1);
  }
  int status = -1;
  ASSERT_EQ(waitpid(child, &status, 0), child);
  EXPECT_EQ(status, 0);
}

}  // namespace
}  // namespace signet
