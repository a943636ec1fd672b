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
#include <iostream>
#include <stdexcept>

#include "common/testing/scratch_folder.h"
#include "tests/support/files.h"

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
void append_stream_to(int stream, const char* file) {
  const int opened = open(file, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600);
  if (opened >= 0) dup2(opened, stream);
}

// Only async-signal-safe calls, as above.
[[noreturn]] void become(char* const* command, const char* output, const char* errors) {
  prctl(PR_SET_PDEATHSIG, SIGKILL);
  append_stream_to(STDOUT_FILENO, output);
  append_stream_to(STDERR_FILENO, errors);
  execv(command[0], command);
  _exit(127);
}

}  // namespace

Process::Process(const std::vector<std::string>& command, const std::filesystem::path& output,
                 const std::filesystem::path& errors) {
  const auto pointers = pointers_to(command);
  pid_ = fork();
  if (pid_ < 0) throw std::runtime_error("cannot fork");
  if (pid_ == 0) become(pointers.data(), output.c_str(), errors.c_str());
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
  const ScratchFolder dir;
  const auto output = dir / "output";
  const auto errors = dir / "errors";
  Process process(command, output, errors);
  if (const int status = process.wait(); status != 0) {
    throw std::runtime_error(command.front() + " ended with " + std::to_string(status) + ": " +
                             read_file(errors));
  }
  return read_file(output);
}

bool in_other_process(const std::function<void()>& body) {
  static_cast<void>(std::fflush(nullptr));  // or the child writes the same text once more
  const pid_t pid = fork();
  if (pid < 0) throw std::runtime_error("cannot fork");
  if (pid > 0) return wait_for(pid) == 0;
  int status = 1;
  try {
    body();
    status = testing::Test::HasFailure() ? 1 : 0;
  } catch (const std::exception& error) {
    std::cerr << "in the other process: " << error.what() << '\n';
  }
  static_cast<void>(std::fflush(nullptr));
  _exit(status);
}

}  // namespace signet::tests
