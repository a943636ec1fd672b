// What is wished of a seal in a PDF document, beside what is wished of every seal.
#ifndef SIGNET_SEALING_PDF_WISH_H_
#define SIGNET_SEALING_PDF_WISH_H_

#include <cstddef>
#include <memory>
#include <string>

#include "common/secret.h"
#include "pdf/look/appearance.h"

namespace signet::sealing {

// For a seal that is to have neither text nor images of its own.
inline constexpr const char* kDefaultSealText = "{signer}\n{organisation}\n{time}\n{reason}";

struct VisibleWish {
  pdf::look::Look look;  // its text may name the facts of pdf/look/template.h
  // Of a new field; one that is there has its place.
  int page = 1;  // from the front; -1 is the last one
  pdf::look::Position position = {pdf::look::Corner::bottom_right, 36, 36, 180, 60};
};

struct PdfWish {
  std::string field;  // full name of a signature field that is there; empty: a new one
  // Certifies the document: 1: no changes, 2: filling in forms and signing, 3: annotations, too (ISO 32000-2, table 257);
  // 0: it does not.
  int certify = 0;
  // UTF-8; empty: left out. A reason excludes a commitment or a policy, a location excludes country and locality.
  std::string reason, location, contact;
  Secret password;  // of an encrypted document, the user's or the owner's; empty: the empty one
  bool ignore_xfa = false;  // seal although the form has XFA, whose viewers show something else
  bool repair_ok =
      false;  // seal although the cross-references are damaged: it gets new ones (pdf/repair.h)
  std::shared_ptr<const VisibleWish> visible = {};  // null: invisible
  // For the time-stamp, bytes; more where the authorities' were larger already.
  std::size_t stamp_room = std::size_t{32} * 1024;
};

}  // namespace signet::sealing

#endif  // SIGNET_SEALING_PDF_WISH_H_
