// Any bytes as a suite of algorithms that an administrator named.
#include "crypto/suite.h"

#include <algorithm>
#include <chrono>
#include <cstdint>

#include "common/bytes.h"
#include "common/printable.h"
#include "crypto/algorithm_table.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using crypto::Day;
using crypto::Suitability;

// Within what the system's clock can hold.
bool is_in_reach(Day day) {
  return day > Day(std::chrono::year(1700) / 1 / 1) && day < Day(std::chrono::year(2200) / 1 / 1);
}

void check(const Suitability& found) {
  const auto expect = [&](Day day, bool good, const char* promise) {
    if (is_in_reach(day)) require(found.good_at(day) == good, promise);
  };
  if (!found.listed)
    return expect(std::chrono::year(2026) / 12 / 31, false, "what is not listed is never good");
  if (found.end) expect(*found.end, false, "an end is no good day");
  if (found.start)
    expect(*found.start - std::chrono::days(1), false, "nothing is good before its start");
  if (found.end && (!found.start || *found.start < *found.end))
    expect(*found.last_good_day(), true, "the last good day is one");
}

void check_key(const crypto::Suite& suite, const crypto::KeyParameters& key) {
  const Suitability best = suite.of_key(key);
  check(best);
  for (const crypto::Scheme scheme : {crypto::Scheme::rsa_pkcs1, crypto::Scheme::rsa_pss,
                                      crypto::Scheme::ecdsa, crypto::Scheme::eddsa})
    for (const crypto::HashRow& row : crypto::kHashes) {
      const Suitability found = suite.of_signature(scheme, row.hash, key);
      check(found);
      require(!found.listed || best.listed, "a key that signs somehow is known");
      require(!found.listed || !best.end || (found.end && *found.end <= *best.end),
              "nothing outlives the best");
    }
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  const auto suite = crypto::Suite::parse(text_of(ByteView(data, size)));
  if (!suite) {
    fuzz::require(!suite.error().empty() && printable(suite.error()) == suite.error(),
                  "an error is a printable sentence");
    return 0;
  }
  fuzz::require(printable(suite.value().name()) == suite.value().name(), "a name is printable");
  for (const crypto::HashRow& row : crypto::kHashes) fuzz::check(suite.value().of_hash(row.hash));
  for (const unsigned bits : {0U, 1024U, 2048U, 2999U, 3000U, 16384U})
    fuzz::check_key(suite.value(), {crypto::KeyType::rsa, bits});
  for (const crypto::CurveRow& row : crypto::kCurves)
    fuzz::check_key(suite.value(), {row.type, 0, row.curve});
  return 0;
}
