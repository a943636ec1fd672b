// What a signature permits after it: DocMDP (ISO 32000-2, 12.8.2.2), FieldMDP (12.8.2.4) and the /Lock of its field (12.7.5.5).
#ifndef SIGNET_VALIDATION_CHANGES_RULES_H_
#define SIGNET_VALIDATION_CHANGES_RULES_H_

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "validation/changes/difference.h"
#include "validation/changes/form_tree.h"

namespace signet::validation {

struct FieldLock {
  enum class Action : std::uint8_t { all, include, exclude };

  Action action = Action::all;
  std::vector<std::string> fields;  // full names

  bool locks(const std::string& field) const;
};

struct Restriction {
  std::string field;              // full name of the signature's
  std::optional<int> permission;  // DocMDP's or a lock's P, 1 to 3; the lowest one
  std::vector<FieldLock> locks;
};

// Of a signature. Parameters that cannot be read forbid as much as they could.
Restriction restriction_of(const FormNode& signature);

// `own`: of the signature whose view it is; `later`: of those that were there when the change was made.
PdfChange judged(const Difference& difference, const Restriction& own,
                 const std::vector<const Restriction*>& later);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_CHANGES_RULES_H_
