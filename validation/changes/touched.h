// Which objects an update defines differently, and which definitions it takes from where a signature has them covered already
// (shadow attacks).
#ifndef SIGNET_VALIDATION_CHANGES_TOUCHED_H_
#define SIGNET_VALIDATION_CHANGES_TOUCHED_H_

#include <cstdint>
#include <vector>

#include "pdf/cross_reference.h"
#include "validation/changes/references.h"

namespace signet::validation {

struct Touched {
  ObjectSet objects;                   // that are another one, are gone, or are new
  std::vector<std::uint32_t> old;      // of these, sorted, those that there were
  std::vector<std::uint32_t> swapped;  // sorted: their new place lies within the earlier revision
};

Touched touched_between(const pdf::CrossReference& before, const pdf::CrossReference& after);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_TOUCHED_H_
