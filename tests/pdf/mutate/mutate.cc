// Seals many mutants of the documents that pdf_fixtures writes: none may crash, hang or need much memory; what
// `qpdf --check` passes is sealed, unless a rule forbids it, and read again by others.
//
//   pdf_mutate FIXTURES [--count N] [--seed N] [--judge-every N] [--keep FOLDER] [--save FOLDER]
//
// FIXTURES: the program pdf_fixtures. Mutant N is that of the seed N, so `--seed N --count 1` makes it again; documents that
// were encrypted for the run differ from run to run, therefore faulty ones are kept. --save: what was judged, N.pdf sealed as
// N.sealed.pdf, for further judges; root.pem is whom they have to trust.
#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <iostream>
#include <map>
#include <stdexcept>
#include <string>
#include <vector>

#include "common/testing/scratch_folder.h"
#include "pdf/testing/pdf_maker.h"
#include "tests/pdf/mutate/child.h"
#include "tests/pdf/mutate/mutation.h"
#include "tests/pdf/mutate/soft_seal.h"
#include "tests/pdf/mutate/trial.h"

namespace signet::tests {
namespace {

struct Options {
  std::string fixtures;
  std::uint64_t count = 300;
  std::uint64_t seed = 1;
  std::uint64_t judge_every = 1;  // of those that may be judged
  std::string keep, save;
};

Options options_of(const std::vector<std::string>& arguments) {
  if (arguments.size() % 2 == 0) throw std::invalid_argument("FIXTURES [--OPTION VALUE]...");
  Options options;
  options.fixtures = arguments[0];
  for (std::size_t at = 1; at < arguments.size(); at += 2) {
    const std::string& name = arguments[at];
    const std::string& value = arguments[at + 1];
    if (name == "--keep" || name == "--save") {
      (name == "--keep" ? options.keep : options.save) = value;
      std::filesystem::create_directories(value);
      continue;
    }
    const std::map<std::string, std::uint64_t*> numbers = {{"--count", &options.count},
                                                           {"--seed", &options.seed},
                                                           {"--judge-every", &options.judge_every}};
    *numbers.at(name) = std::max(std::stoull(value), 1ULL);
  }
  return options;
}

// The fixtures, and some of them sealed: in another process, so that this one stays small.
std::vector<NamedDocument> bases(const Options& options, const SoftSealer& sealer) {
  const ScratchFolder folder;
  const std::string path = folder.path().string();
  const auto written = pdf::run(fmt::format("'{}' '{}'", options.fixtures, path));
  if (!written.good) throw std::runtime_error(written.output);
  std::vector<NamedDocument> found;
  for (const auto& file : std::filesystem::recursive_directory_iterator(folder.path()))
    if (file.path().extension() == ".pdf")
      found.push_back(
          {std::filesystem::relative(file.path(), folder.path()).string(), read_file(file.path())});
  std::ranges::sort(found, {}, &NamedDocument::name);
  const std::size_t plain = found.size();
  for (std::size_t at = 0; at < plain; ++at) {
    const auto file = folder.path("sealed");
    const auto done = in_child({20}, [&](std::string& said) {
      const auto sealed = sealer.seal(found[at].bytes, soft_wish(at).pdf);
      if (sealed) write_file(file, sealed.value());
      if (!sealed) said = sealed.error().sentence;
      return sealed ? 0 : 1;
    });
    if (done.signal == 0 && done.status == 0)
      found.push_back({found[at].name + " sealed", read_file(file)});
  }
  return found;
}

class Run {
 public:
  explicit Run(Options options) : options_(std::move(options)), bases_(bases(options_, sealer_)) {}

  bool all() {
    std::cout << bases_.size() << " documents to begin with\n";
    for (std::uint64_t done = 0; done < options_.count; ++done) one(options_.seed + done);
    report();
    return faults_ == 0 && enough();
  }

 private:
  void one(std::uint64_t seed) {
    const Mutant made = mutant(bases_, seed);
    const SoftWish wish = soft_wish(seed);
    const bool judge = may_be_judged_ % options_.judge_every == 0;
    const Verdict verdict = trial_.run(made.bytes, wish, judge);
    if (verdict.passes) ++passed_;
    if (verdict.passes && verdict.kind == "sealed") ++may_be_judged_;
    ++kinds_[fmt::format("{}, {}", verdict.passes ? "qpdf passes" : "qpdf does not pass",
                         verdict.kind.empty() ? "no verdict" : verdict.kind)];
    if (!verdict.rule.empty()) {
      ++rules_[verdict.rule];
      ++ruled_;
    }
    judged_ += verdict.judged ? 1U : 0U;
    if (verdict.judged && !options_.save.empty()) save(seed, made);
    slowest_ = std::max(slowest_, verdict.seconds);
    peak_ = std::max(peak_, verdict.peak);
    if (!verdict.fault.empty()) fault(seed, made, wish, verdict.fault);
  }

  void fault(std::uint64_t seed, const Mutant& made, const SoftWish& wish,
             const std::string& what) {
    ++faults_;
    std::cout << fmt::format("seed {}: {}, {}: {}\n", seed, made.how, wish.words, what)
              << std::flush;
    if (options_.keep.empty()) return;
    const auto to = std::filesystem::path(options_.keep) / fmt::format("{}.pdf", seed);
    write_file(to, made.bytes);
  }

  void save(std::uint64_t seed, const Mutant& made) const {
    const std::filesystem::path folder = options_.save;
    write_file(folder / fmt::format("{}.pdf", seed), made.bytes);
    std::filesystem::copy_file(trial_.sealed(), folder / fmt::format("{}.sealed.pdf", seed),
                               std::filesystem::copy_options::overwrite_existing);
    write_file(folder / "root.pem", sealer_.root());
  }

  // A rule that is applied too often, or too few seals, would be a fault of another kind.
  bool enough() const {
    const bool good = passed_ < 100 || (may_be_judged_ * 2 > passed_ && ruled_ * 10 < passed_);
    if (!good) std::cout << "too few of what qpdf passes were sealed\n";
    return good;
  }

  void report() const {
    for (const auto& [kind, times] : kinds_) std::cout << fmt::format("{:6} {}\n", times, kind);
    for (const auto& [rule, times] : rules_)
      std::cout << fmt::format("{:6} broken, and passed by qpdf: {}\n", times, rule);
    std::cout << fmt::format(
        "{} mutants, {} of them judged by pdfsig and pdfinfo; at most {:.2f} s and {} KiB; {} "
        "faults\n",
        options_.count, judged_, slowest_, peak_ / 1024, faults_);
  }

  const Options options_;
  const SoftSealer sealer_;
  const std::vector<NamedDocument> bases_;
  const ScratchFolder folder_;
  const Trial trial_{sealer_, folder_.path()};
  std::map<std::string, unsigned> kinds_;
  std::map<std::string, unsigned> rules_;
  std::uint64_t passed_ = 0;         // by qpdf --check
  std::uint64_t may_be_judged_ = 0;  // and sealed
  std::uint64_t ruled_ = 0;          // and broken by a rule
  unsigned judged_ = 0;
  unsigned faults_ = 0;
  double slowest_ = 0;
  std::uint64_t peak_ = 0;
};

}  // namespace
}  // namespace signet::tests

int main(int argc, char** argv) {
  try {
    return signet::tests::Run(
               signet::tests::options_of(std::vector<std::string>(argv + 1, argv + argc)))
                   .all()
               ? 0
               : 1;
  } catch (const std::exception& failure) {
    std::cerr << failure.what() << '\n';
    return 2;
  }
}
