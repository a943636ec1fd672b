// What stands in an update's bytes and is no part of it: content that no cross-reference lists, which readers that repair
// documents show (incremental saving attacks).
#ifndef SIGNET_VALIDATION_CHANGES_FILE_STRUCTURE_H_
#define SIGNET_VALIDATION_CHANGES_FILE_STRUCTURE_H_

#include <cstdint>
#include <vector>

#include "pdf/document.h"
#include "validation/changes/budget.h"
#include "validation/changes/difference.h"

namespace signet::validation {

// Of the last revision of `document`, which begins at this offset. White space and comments may stand anywhere. Throws what the
// budget does.
std::vector<Difference> look_at_structure(pdf::Document& document, std::uint64_t begin,
                                          Budget& budget);

// Behind the last revision: white space only.
std::vector<Difference> look_behind_end(pdf::Document& document);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_FILE_STRUCTURE_H_
