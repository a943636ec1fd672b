// Runs `signet verify` on files that are made to cost much: each ends with the status that it has to, within 10 seconds of the
// processor's time and 256 MiB of memory.
//
//   validation_hostile SIGNET [--all yes] [--only NAME]
//
// Without --all: what every day has time for.
#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <fstream>
#include <iostream>
#include <iterator>
#include <stdexcept>

#include "common/testing/scratch_folder.h"
#include "tests/pdf/mutate/child.h"
#include "tests/validation/hostile/case.h"

namespace signet::tests {
namespace {

constexpr unsigned kMostSeconds = 10;                 // of the processor's time
constexpr std::uint64_t kMostMemory = 256ULL << 20U;  // resident; bytes
constexpr std::uint64_t kMostReserved =
    4096ULL << 20U;                    // of address space, so that nothing harms the machine
constexpr unsigned kMostMaking = 300;  // seconds

std::vector<HostileCase> all_cases() {
  std::vector<HostileCase> all;
  for (const auto& some : {certificate_cases(), key_cases(), revocation_cases(), message_cases(),
                           pdf_cases(), list_cases()})
    std::ranges::copy(some, std::back_inserter(all));
  return all;
}

std::vector<std::string> lines_of(const std::filesystem::path& file) {
  std::ifstream stream(file);
  std::vector<std::string> lines;
  for (std::string line; std::getline(stream, line);) lines.push_back(line);
  return lines;
}

class Hostile {
 public:
  explicit Hostile(std::string signet) : signet_(std::move(signet)) {}

  // Empty: all is well.
  std::string run(const HostileCase& one) const {
    const ScratchFolder folder;
    const Outcome made = in_child({kMostMaking, kMostReserved}, [&](std::string&) {
      std::ofstream list(folder.path("arguments"));
      for (const std::string& each : one.write(CaseFolder(folder.path()))) list << each << '\n';
      return list.flush() ? 0 : 1;
    });
    if (made.signal != 0 || made.status != 0) return "cannot be made: " + made.said;
    const Outcome outcome = verify(lines_of(folder.path("arguments")), folder.path("said"));
    std::cout << fmt::format("{:4} {:7.2f} s {:5} MiB  {}\n", outcome.status, outcome.processor,
                             outcome.peak >> 20U, one.name)
              << std::flush;
    if (outcome.signal != 0) return fmt::format("ended by signal {}", outcome.signal);
    if (outcome.status != one.status)
      return fmt::format("status {} instead of {}: {}", outcome.status, one.status,
                         said_in(folder.path("said")));
    if (outcome.peak > kMostMemory) return fmt::format("takes {} MiB", outcome.peak >> 20U);
    return {};
  }

 private:
  Outcome verify(const std::vector<std::string>& arguments,
                 const std::filesystem::path& said) const {
    std::vector<std::string> words = {signet_, "verify"};
    words.insert(words.end(), arguments.begin(), arguments.end());
    return in_child({kMostSeconds, kMostReserved}, [&](std::string&) {
      std::vector<char*> pointers;
      for (std::string& word : words) pointers.push_back(word.data());
      pointers.push_back(nullptr);
      const int output = open(said.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);
      dup2(output, STDOUT_FILENO);
      dup2(output, STDERR_FILENO);
      execv(pointers[0], pointers.data());
      return 98;
    });
  }

  static std::string said_in(const std::filesystem::path& file) {
    std::ifstream stream(file);
    std::string text((std::istreambuf_iterator<char>(stream)), {});
    text.resize(std::min<std::size_t>(text.size(), 2000));
    return text;
  }

  const std::string signet_;
};

int run_all(const std::vector<std::string>& arguments) {
  if (arguments.size() % 2 != 1) throw std::invalid_argument("SIGNET [--OPTION VALUE]...");
  bool costly = false;
  std::string only;
  for (std::size_t at = 1; at < arguments.size(); at += 2) {
    if (arguments[at] == "--all") costly = true;
    if (arguments[at] == "--only") only = arguments[at + 1];
  }
  const Hostile hostile(arguments[0]);
  int faults = 0;
  int done = 0;
  for (const HostileCase& one : all_cases()) {
    if (only.empty() ? one.costly && !costly : one.name.find(only) == std::string::npos) continue;
    ++done;
    const std::string fault = hostile.run(one);
    if (fault.empty()) continue;
    ++faults;
    std::cout << one.name << ": " << fault << '\n' << std::flush;
  }
  std::cout << fmt::format("{} cases, {} faults\n", done, faults);
  return faults == 0 && done > 0 ? 0 : 1;
}

}  // namespace
}  // namespace signet::tests

int main(int argc, char** argv) {
  try {
    return signet::tests::run_all(std::vector<std::string>(argv + 1, argv + argc));
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 2;
  }
}
