// Documents that are damaged or changed in one of many ways, always in the same way for the same number.
#ifndef SIGNET_TESTS_PDF_MUTATE_MUTATION_H_
#define SIGNET_TESTS_PDF_MUTATE_MUTATION_H_

#include <cstdint>
#include <string>
#include <vector>

namespace signet::tests {

struct NamedDocument {
  std::string name;
  std::string bytes;
};

struct Mutant {
  std::string bytes;
  std::string how;  // of which document, and what was done to it
};

// `bases`: at least one.
Mutant mutant(const std::vector<NamedDocument>& bases, std::uint64_t seed);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PDF_MUTATE_MUTATION_H_
