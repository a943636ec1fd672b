// What one update changed, before it is asked whether a signature allows it.
#ifndef SIGNET_VALIDATION_CHANGES_DIFFERENCE_H_
#define SIGNET_VALIDATION_CHANGES_DIFFERENCE_H_

#include <cstdint>
#include <optional>
#include <string>

#include "validation/pdf_change.h"

namespace signet::validation {

// What a signature has to permit for it (ISO 32000-2, table 257).
enum class Need : std::uint8_t {
  nothing,     // validation data and the like: always allowed
  filling,     // P = 2: fields and signatures
  annotating,  // P = 3
  never,
};

struct Difference {
  PdfChange change;  // without `allowed` and `rule`
  Need need = Need::never;
  // The warning counts only for signatures from before the field was added: what is drawn in a field that was there was foreseen.
  bool warns_of_new_field = false;
  // Fields that a signature locks may have it: what is in them stays.
  bool passes_locks = false;
  std::string field;  // full name as the document has it; `change.field` is the printable one
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_DIFFERENCE_H_
