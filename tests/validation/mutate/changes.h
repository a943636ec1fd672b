// Mutants of the bases: at the level of bytes, of DER structures (also within a PDF's /Contents), and of PDF structures.
#ifndef SIGNET_TESTS_VALIDATION_MUTATE_CHANGES_H_
#define SIGNET_TESTS_VALIDATION_MUTATE_CHANGES_H_

#include <cstdint>
#include <string>

#include "tests/validation/mutate/bases.h"

namespace signet::tests {

struct SealedMutant {
  const Base* base = nullptr;
  Bytes bytes;
  Bytes document;   // that it is judged with, where it is external
  std::string how;  // what was done
};

// Always the same for the same number and the same bases.
SealedMutant sealed_mutant(std::uint64_t seed);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_VALIDATION_MUTATE_CHANGES_H_
