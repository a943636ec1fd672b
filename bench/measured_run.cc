// Runs one command and tells what it cost, as JSON: measured_run COMMAND [ARGUMENT...]
//
// A program of its own because the kernel counts the parent's memory as the child's until the child has replaced itself:
// this one is smaller than anything that it measures.
#include <fcntl.h>
#include <spawn.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>

namespace {

double seconds_of(const timeval& time) {
  return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
}

}  // namespace

// The command's standard output is dropped, the rest is inherited. Status 1 where it failed.
int main(int argc, char** argv) {
  if (argc < 2) {
    (void)std::fputs("usage: measured_run COMMAND [ARGUMENT...]\n", stderr);
    return 2;
  }
  posix_spawn_file_actions_t actions;
  posix_spawn_file_actions_init(&actions);
  posix_spawn_file_actions_addopen(&actions, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
  const auto began = std::chrono::steady_clock::now();
  pid_t child = -1;
  const int error = posix_spawnp(&child, argv[1], &actions, nullptr, argv + 1, environ);
  if (error != 0) {
    (void)std::fprintf(stderr, "measured_run: %s: %s\n", argv[1], std::strerror(error));
    return 1;
  }
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) return 1;
  const std::chrono::duration<double> seconds = std::chrono::steady_clock::now() - began;
  std::printf(R"({"seconds": %.6f, "userSeconds": %.6f, "systemSeconds": %.6f, "peakKib": %ld})"
              "\n",
              seconds.count(), seconds_of(usage.ru_utime), seconds_of(usage.ru_stime),
              usage.ru_maxrss);
  return WIFEXITED(status) && WEXITSTATUS(status) == 0 ? 0 : 1;
}
