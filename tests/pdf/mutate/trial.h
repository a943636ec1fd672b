// One mutant: sealed or refused, within bounds, and what was sealed is read by others.
#ifndef SIGNET_TESTS_PDF_MUTATE_TRIAL_H_
#define SIGNET_TESTS_PDF_MUTATE_TRIAL_H_

#include <cstdint>
#include <filesystem>
#include <string>

#include "tests/pdf/mutate/mutation.h"
#include "tests/pdf/mutate/soft_seal.h"

namespace signet::tests {

inline constexpr unsigned kMostSeconds = 5;
inline constexpr std::uint64_t kMostMemory = 64ULL << 20U;  // bytes, resident, of the whole process

struct Verdict {
  std::string fault;       // empty: all is as it should be
  std::string kind;        // "sealed", or of the refusal: "broken", "forbidden", "settings"
  std::string sentence;    // of the refusal
  std::string rule;        // why it is broken although `qpdf --check` passes it
  bool passes = false;     // `qpdf --check` has nothing against the mutant
  bool judged = false;     // the sealed document, by pdfsig and pdfinfo, which read the mutant, too
  double seconds = 0;      // of the seal
  std::uint64_t peak = 0;  // of its memory, bytes
};

class Trial {
 public:
  // Files are written into the folder.
  Trial(const SoftSealer& sealer, std::filesystem::path folder)
      : sealer_(sealer), folder_(std::move(folder)) {}

  // `judge`: with programs of others, where it is sealed, and they and `qpdf --check` passed it before.
  Verdict run(const std::string& document, const SoftWish& wish, bool judge) const;

  std::filesystem::path original() const { return folder_ / "mutant.pdf"; }
  std::filesystem::path sealed() const { return folder_ / "sealed.pdf"; }

 private:
  std::string seal(const std::string& document, const SoftWish& wish, Verdict& verdict) const;
  std::string fault_of_sealed(const std::string& document, const SoftWish& wish, Verdict& verdict,
                              bool judge) const;

  const SoftSealer& sealer_;
  const std::filesystem::path folder_;
};

std::string read_file(const std::filesystem::path& path);
void write_file(const std::filesystem::path& path, const std::string& content);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PDF_MUTATE_TRIAL_H_
