// Sealed documents of every form and level, which are worth TOTAL-PASSED as they are, and what is true of each of them.
#ifndef SIGNET_TESTS_VALIDATION_MUTATE_BASES_H_
#define SIGNET_TESTS_VALIDATION_MUTATE_BASES_H_

#include <cstdint>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "validation/document.h"
#include "validation/policy.h"
#include "validation/result.h"

namespace signet::tests {

// Where a signature stands in a PDF, read from its /ByteRange by its characters.
struct Gap {
  std::size_t begin = 0, end = 0;  // of "<…>"
  std::size_t covered = 0;         // the end of what is signed
};

struct Base {
  std::string name;
  Bytes bytes;            // of the file
  std::vector<Gap> gaps;  // a PDF's, in the file's order; empty: a message
  bool external = false;  // it is a message over document()
};

const Bytes& document();
const std::vector<Base>& bases();
std::vector<Gap> gaps_in(ByteView pdf);

// As the caller of the library does it: nothing where it cannot be read.
struct Judged {
  validation::DocumentParts parts;
  validation::ValidationResult result;
};
// `judged` must not be moved afterwards: its result is about its parts. False: the document was refused.
bool judge(const Base& base, ByteView bytes, ByteView external_document, Judged& judged);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_VALIDATION_MUTATE_BASES_H_
