#include "validation/pdf_change.h"

#include <array>

namespace signet::validation {

std::string_view name_of(ChangeKind kind) {
  static constexpr std::array<std::string_view, 15> kNames = {
      "validation-data", "time-stamp", "metadata",          "signature", "form-field",
      "new-field",       "annotation", "page-content",      "page-tree", "resource",
      "catalog",         "structure",  "signature-changed", "hidden",    "unreadable"};
  static_assert(kNames.size() == static_cast<std::size_t>(ChangeKind::unreadable) + 1);
  return kNames.at(static_cast<std::size_t>(kind));
}

}  // namespace signet::validation
