// Which algorithms and key sizes are good, and until when: read from a suite in the form of ETSI TS 119 322 V1.2.1 (JSON).
// What is good is that file's to say, not the code's; what a suite does not list is not good.
//
// Times are days in UTC. Validity/Start is the first day on which an algorithm is good, Validity/End the first one on which
// it no longer is: that is how ETSI's own files of TS 119 312 and their readers take it.
#ifndef SIGNET_CRYPTO_SUITE_H_
#define SIGNET_CRYPTO_SUITE_H_

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "crypto/algorithm.h"
#include "crypto/suite_names.h"

namespace signet::crypto {

using Day = std::chrono::sys_days;

// "2026-12-31"
std::string day_text(Day day);

// What a suite says of an algorithm, or of several that are used together.
struct Suitability {
  bool listed = false;            // false: the suite does not know it, or not in this size
  std::optional<Day> start = {};  // nothing: it was always good
  std::optional<Day> end = {};    // nothing: no end is known
  bool legacy = false;            // Recommendation "L": good, but not for new uses

  bool good_at(std::chrono::system_clock::time_point time) const;
  // Nothing where there is no end.
  std::optional<Day> last_good_day() const;
};

// A value: copies are equal, any number of threads may ask.
class Suite {
 public:
  // Unknown members are skipped, as the standard's schema has it; an evaluation with an AlgorithmUsage, or with a parameter
  // that is unknown here, counts for nothing. A Signature of the file is not looked at. The error is a sentence.
  static Result<Suite, std::string> parse(std::string_view json);

  // One of kShippedSuites.
  static Result<Suite, std::string> shipped(std::string_view name);

  // One of kShippedSuites, or a file: a path with a "/" in it. A file that somebody else may change is refused
  // (common/trusted_file.h), and one of more than kLargestSuite bytes. The error begins with the name.
  static Result<Suite, std::string> load(const std::string& name_or_file);

  // PolicyName: its Name, and behind a space its ObjectIdentifier where it has one. Printable.
  const std::string& name() const { return name_; }
  // PolicyIssueDate: what ends later was foreseen, what ended before is known.
  Day issued() const { return issued_; }

  Suitability of_hash(Hash hash) const;

  // The narrowest of signature algorithm, key size or curve, and hash. `hash` is none for Ed25519 alone. Of a size, the
  // evaluation with the largest minimum that is not above it counts.
  Suitability of_signature(Scheme scheme, Hash hash, const KeyParameters& key) const;

  // Of whatever the suite lists by its dotted object identifier. `bits`: of an RSA modulus or a DSA prime; 0 for what has no
  // size (a hash, Ed25519).
  Suitability of_identifier(const std::string& oid, unsigned bits = 0) const;

  // ECDSA by identifiers, on any curve. `bits`: of the curve's field.
  Suitability of_ecdsa(const std::string& signature, const std::string& curve, unsigned bits) const;

  // The best that a key of this kind can be used with.
  Suitability of_key(const KeyParameters& key) const;

  bool operator==(const Suite&) const = default;

 private:
  struct Limit {
    std::string parameter;  // "moduluslength", "plength" or "qlength": bits
    std::uint64_t least = 0;
    std::uint64_t most = UINT64_MAX;

    bool operator==(const Limit&) const = default;
  };
  struct Evaluation {
    std::vector<Limit> limits;
    std::optional<Day> start;
    std::optional<Day> end;
    bool legacy = false;

    bool operator==(const Evaluation&) const = default;
  };
  friend class SuiteReader;

  using Entry = std::vector<Evaluation>;
  const Entry* find(const std::string& oid) const;  // nullptr: not listed
  // `bits`: 0 for algorithms that have no size. `limited`: whether the size mattered.
  static Suitability judge(const Entry* entry, unsigned bits, bool* limited = nullptr);

  std::string name_;
  Day issued_{};
  std::map<std::string, Entry, std::less<>> entries_;  // by dotted object identifier
};

inline constexpr std::size_t kLargestSuite = std::size_t{1024} * 1024;  // bytes

// What holds for both.
Suitability narrower(const Suitability& a, const Suitability& b);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_SUITE_H_
