#include "tests/support/process.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <exception>
#include <stdexcept>

#include "tests/support/temp_dir.h"

namespace signet::tests {
namespace {

int status_from(int wait_status) {
  return WIFEXITED(wait_status) ? WEXITSTATUS(wait_status) : 128 + WTERMSIG(wait_status);
}

int wait_for(pid_t pid) {
  int status = 0;
  while (waitpid(pid, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("waitpid failed");
  }
  return status_from(status);
}

std::vector<char*> pointers_to(const std::vector<std::string>& command) {
  std::vector<char*> pointers;
  pointers.reserve(command.size() + 1);
  for (const auto& word : command) pointers.push_back(const_cast<char*>(word.c_str()));
  pointers.push_back(nullptr);
  return pointers;
}

// Only async-signal-safe calls: the parent may have threads.
[[noreturn]] void become(char* const* command, const char* output) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  const int file = open(output, O_WRONLY | O_CREAT | O_APPEND, 0600);
  if (file >= 0) {
    dup2(file, STDOUT_FILENO);
    dup2(file, STDERR_FILENO);
  }
  execv(command[0], command);
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& output) {
  const auto pointers = pointers_to(command);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) become(pointers.data(), output.c_str());
}

Process::~Process() {
  end(SIGKILL);
}

bool Process::running() {
  if (pid_ < 0) return false;
  int status = 0;
  if (waitpid(pid_, &status, WNOHANG) != pid_) return true;
  pid_ = -1;
  status_ = status_from(status);
  return false;
}

void Process::end(int signal) {
  if (!running()) return;
  kill(pid_, signal);
  wait();
}

int Process::wait() {
  if (pid_ < 0) return status_;
  status_ = wait_for(pid_);
  pid_ = -1;
  return status_;
}

std::string output_of(const std::vector<std::string>& command) {
  const TempDir dir;
  const auto output = dir / "output";
  Process process(command, output);
  if (const int status = process.wait(); status != 0) {
    throw std::runtime_error(command.front() + " ended with " + std::to_string(status) + ": " +
                             read_file(output));
  }
  return read_file(output);
}

bool in_other_process(const std::function<void()>& body) {
  std::fflush(nullptr);
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid > 0) return wait_for(pid) == 0;
  int status = 1;
  try {
    body();
    status = testing::Test::HasFailure() ? 1 : 0;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "in the other process: %s\n", error.what());
  }
  std::fflush(nullptr);
  _exit(status);
}

}  // namespace signet::tests
