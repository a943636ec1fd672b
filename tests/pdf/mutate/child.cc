#include "tests/pdf/mutate/child.h"

#include <fcntl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include <array>
#include <chrono>
#include <exception>
#include <fstream>
#include <stdexcept>

namespace signet::tests {

namespace {

constexpr int kThrown = 99;
constexpr unsigned kSlowest = 10;  // of a busy machine: time for each second of the processor's
constexpr std::size_t kMostSaid = 60'000;  // what a pipe holds without a reader

std::uint64_t address_space() {
  std::uint64_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * static_cast<std::uint64_t>(sysconf(_SC_PAGESIZE));
}

void limit(int what, std::uint64_t most) {
  const rlimit value{most, most};
  if (setrlimit(static_cast<__rlimit_resource>(what), &value) != 0) _exit(kThrown);
}

[[noreturn]] void work_here(const Bounds& bounds, std::uint64_t before, int report,
                            const std::function<int(std::string&)>& work) {
  limit(RLIMIT_AS, before + bounds.address_space);
  limit(RLIMIT_CORE, 0);
  const int nothing = open("/dev/null", O_WRONLY | O_CLOEXEC);
  dup2(nothing, STDOUT_FILENO);
  dup2(nothing, STDERR_FILENO);
  limit(RLIMIT_CPU, bounds.seconds);
  alarm(kSlowest * bounds.seconds);
  int status = kThrown;
  std::string said;
  try {
    status = work(said);
  } catch (const std::exception& failure) {
    said = failure.what();
  }
  said.resize(std::min(said.size(), kMostSaid));
  const bool told = write(report, said.data(), said.size()) >= 0;
  _exit(told ? status : kThrown);
}

std::string all_of(int descriptor) {
  std::string text;
  std::array<char, 4096> piece{};
  for (ssize_t got = 0; (got = read(descriptor, piece.data(), piece.size())) > 0;)
    text.append(piece.data(), static_cast<std::size_t>(got));
  return text;
}

}  // namespace

Outcome in_child(const Bounds& bounds, const std::function<int(std::string& said)>& work) {
  std::array<int, 2> report{};
  if (pipe2(report.data(), O_CLOEXEC) != 0) throw std::runtime_error("no pipe");
  const std::uint64_t before = address_space();
  const auto begin = std::chrono::steady_clock::now();
  const pid_t child = fork();
  if (child < 0) throw std::runtime_error("no process");
  if (child == 0) work_here(bounds, before, report[1], work);
  close(report[1]);
  Outcome outcome;
  outcome.said = all_of(report[0]);
  close(report[0]);
  int status = 0;
  rusage usage{};
  if (wait4(child, &status, 0, &usage) != child) throw std::runtime_error("a child is lost");
  outcome.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  outcome.processor = seconds(usage.ru_utime) + seconds(usage.ru_stime);
  outcome.peak = static_cast<std::uint64_t>(usage.ru_maxrss) * 1024;
  if (WIFSIGNALED(status)) {
    outcome.signal = WTERMSIG(status);
  } else {
    outcome.status = WEXITSTATUS(status);
  }
  return outcome;
}

}  // namespace signet::tests
