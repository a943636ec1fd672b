// What a person sees of a document and of a verdict.
#ifndef SIGNET_TESTS_VALIDATION_MUTATE_SHOWN_H_
#define SIGNET_TESTS_VALIDATION_MUTATE_SHOWN_H_

#include <string>

#include "tests/validation/mutate/bases.h"

namespace signet::tests {

// Of a PDF: each page's content, resources and boxes as its newest revision has them.
std::string shown(ByteView pdf);

// "TOTAL-FAILED/HASH_FAILURE", and why.
std::string described(const Judged& judged);
// The indication alone; "none" without one.
std::string indication_of(const Judged& judged);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_VALIDATION_MUTATE_SHOWN_H_
