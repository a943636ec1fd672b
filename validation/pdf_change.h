// What changed in a PDF after one of its signatures, in words that a person can act on.
#ifndef SIGNET_VALIDATION_PDF_CHANGE_H_
#define SIGNET_VALIDATION_PDF_CHANGE_H_

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

#include "validation/statement.h"

namespace signet::validation {

enum class ChangeKind : std::uint8_t {
  // Nothing forbids these.
  validation_data,  // DSS, VRI
  time_stamp,       // a document time-stamp
  metadata,         // XMP and /Info, where no page shows it
  // Allowed or not by DocMDP and FieldMDP.
  signature,   // a further one, in a field of its own or in one that was there
  form_field,  // a value filled in
  new_field,  // a field that was not there; with a widget that is not a signature's only P = 3 and no DocMDP would allow it
  annotation,  // added, changed or deleted
  // Never allowed.
  page_content,
  page_tree,          // pages added, deleted, reordered, or boxes, rotation and the like
  resource,           // fonts, images, forms that pages use
  catalog,            // names, actions, layers, open actions, permissions and the like
  structure,          // the structure tree
  signature_changed,  // a signature that was there: value, dictionary, /Perms
  hidden,  // an object replaced while nothing refers to it in this revision, or one defined in several ways (shadow attacks)
  unreadable,  // the later revisions cannot be compared
};
std::string_view name_of(ChangeKind kind);  // "page-content"

struct PdfChange {
  ChangeKind kind = ChangeKind::page_content;
  bool allowed = false;             // by the rules that hold for the signature whose list it is in
  std::size_t revision = 0;         // that made it, counted from 0
  std::optional<std::size_t> page;  // counted from 0
  std::string field;                // full name; empty: none
  Statement what;                   // "the content of page 1 was replaced"
  std::optional<Statement> rule;    // not allowed: which rule forbids it
  // Allowed or not, a person should look: what was added is drawn over a page (evil annotation, sneaky signature).
  std::optional<Statement> warning;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_PDF_CHANGE_H_
