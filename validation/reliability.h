// Until when an algorithm with a key was good enough, by the suite (EN 319 102-1, 5.2.8; TS 119 312).
#ifndef SIGNET_VALIDATION_RELIABILITY_H_
#define SIGNET_VALIDATION_RELIABILITY_H_

#include <optional>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "validation/policy.h"
#include "validation/statement.h"

namespace signet::validation {

struct Reliability {
  // The first moment at which it is no longer good: CRYPTO_CONSTRAINTS_FAILURE at and after it. Nothing: no end. Time::min()
  // where it never was, or the suite does not list it.
  std::optional<Time> end;
  // The last second in which the suite foresees it to be good, also where its end only warns: dates for verifiable_until.
  // Nothing: no end is foreseen.
  std::optional<Time> foreseen_end;
  std::string algorithm;  // "RSA-2048 with SHA-256", "SHA-1"
  std::vector<Statement>
      warnings;  // an end after the suite's own date; only the other suite lists it

  bool good_at(Time time) const { return !end || time < *end; }
};

// What holds for both: a suite's end that lies after its own date warns only (validation.md); what only `policy.other` lists warns.
Reliability reliability_of_hash(const Policy& policy, crypto::Hash hash, const std::string& oid);

// Of the narrowest of scheme, key size or curve, hash, and MGF1's hash. As check_signature() takes them.
Reliability reliability_of_signature(const Policy& policy, ByteView algorithm, crypto::Hash hash,
                                     ByteView public_key);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_RELIABILITY_H_
