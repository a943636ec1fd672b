// Validates many mutants of sealed documents, each in a process of its own with little memory and time: none may crash, hang or
// claim what is not true of the document that it was made from.
//
//   validation_mutate [--count N] [--seed N] [--keep FOLDER]
//
// Mutant N is that of the seed N, so `--seed N --count 1` makes it again, but keys and signature values differ from run to run:
// faulty ones are kept, with the document of an external signature.
#include <fmt/format.h>

#include <algorithm>
#include <csignal>
#include <filesystem>
#include <fstream>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/pdf/mutate/child.h"
#include "tests/validation/mutate/changes.h"
#include "tests/validation/mutate/shown.h"
#include "tests/validation/mutate/truth.h"

namespace signet::tests {
namespace {

constexpr unsigned kMostSeconds = 10;                 // of the processor's time
constexpr std::uint64_t kMostMemory = 256ULL << 20U;  // beyond what this process has

enum Status : int { kJudged = 0, kRefused = 1, kFaulty = 2 };

struct Options {
  std::uint64_t count = 500;
  std::uint64_t seed = 1;
  std::string keep;
};

Options options_of(const std::vector<std::string>& arguments) {
  if (arguments.size() % 2 != 0) throw std::invalid_argument("[--OPTION VALUE]...");
  Options options;
  for (std::size_t at = 0; at < arguments.size(); at += 2) {
    const std::string& name = arguments[at];
    const std::string& value = arguments[at + 1];
    if (name == "--keep") {
      options.keep = value;
      std::filesystem::create_directories(value);
    } else {
      const std::map<std::string, std::uint64_t*> numbers = {{"--count", &options.count},
                                                             {"--seed", &options.seed}};
      *numbers.at(name) = std::max(std::stoull(value), 1ULL);
    }
  }
  return options;
}

class Trials {
 public:
  explicit Trials(Options options) : options_(std::move(options)) {}

  bool all() {
    std::cout << fmt::format("{} documents to begin with, all TOTAL-PASSED\n", bases().size());
    for (std::uint64_t done = 0; done < options_.count; ++done) one(options_.seed + done);
    for (const auto& [kind, times] : kinds_) std::cout << fmt::format("{:6} {}\n", times, kind);
    std::cout << fmt::format("{} mutants; at most {} KiB; {} faults\n", options_.count,
                             peak_ / 1024, faults_);
    return faults_ == 0;
  }

 private:
  void one(std::uint64_t seed) {
    const SealedMutant mutant = sealed_mutant(seed);
    const Outcome outcome = in_child({kMostSeconds, kMostMemory}, [&](std::string& said) {
      Judged judged;
      if (!judge(*mutant.base, mutant.bytes, mutant.document, judged)) return int{kRefused};
      said = truth_.fault_in(mutant, judged);
      if (!said.empty()) {
        said += ": " + described(judged);
        return int{kFaulty};
      }
      said = indication_of(judged);
      return int{kJudged};
    });
    peak_ = std::max(peak_, outcome.peak);
    if (outcome.signal != 0) return fault(seed, mutant, killed_by(outcome.signal));
    if (outcome.status > kRefused) return fault(seed, mutant, outcome.said);
    ++kinds_[outcome.status == kRefused ? "refused" : outcome.said];
  }

  static std::string killed_by(int signal) {
    if (signal == SIGXCPU || signal == SIGKILL || signal == SIGALRM) return "takes too long";
    return fmt::format("crashes with signal {}", signal);
  }

  void fault(std::uint64_t seed, const SealedMutant& mutant, const std::string& what) {
    ++faults_;
    std::cout << fmt::format("seed {}: {}: {}\n", seed, mutant.how, what) << std::flush;
    if (options_.keep.empty()) return;
    const std::filesystem::path folder = options_.keep;
    save(folder / std::to_string(seed), mutant.bytes);
    save(folder / fmt::format("{}.document", seed), mutant.document);
  }

  static void save(const std::filesystem::path& file, const Bytes& bytes) {
    std::ofstream(file, std::ios::binary) << text_of(ByteView(bytes));
  }

  const Options options_;
  const Truth truth_;
  std::map<std::string, unsigned> kinds_;
  unsigned faults_ = 0;
  std::uint64_t peak_ = 0;
};

}  // namespace
}  // namespace signet::tests

int main(int argc, char** argv) {
  try {
    const std::vector<std::string> arguments(argv + 1, argv + argc);
    return signet::tests::Trials(signet::tests::options_of(arguments)).all() ? 0 : 1;
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 2;
  }
}
