// What of a document looks like a part of one: found by its characters alone, since it may be damaged.
#ifndef SIGNET_TESTS_PDF_MUTATE_OUTLINE_H_
#define SIGNET_TESTS_PDF_MUTATE_OUTLINE_H_

#include <cstddef>
#include <string>
#include <vector>

namespace signet::tests {

struct Span {
  std::size_t begin = 0;
  std::size_t end = 0;

  std::size_t size() const { return end - begin; }
};

std::vector<Span> numbers_of(const std::string& bytes);  // runs of digits
std::vector<Span> names_of(const std::string& bytes);    // "/Type"
std::vector<Span> values_of(
    const std::string& bytes);  // what follows a name: up to the next name or delimiter
std::vector<Span> objects_of(const std::string& bytes);  // from "7 0 obj" to behind "endobj"

// Appends a cross-reference table of all objects and the last trailer again. False, and nothing is done, where there is no
// trailer.
bool mend_table(std::string& bytes);

}  // namespace signet::tests

#endif  // SIGNET_TESTS_PDF_MUTATE_OUTLINE_H_
