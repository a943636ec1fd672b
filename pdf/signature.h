// The update that puts a signature into a document: a field for it, or one that is there; its dictionary with a gap for the
// CMS message; and nothing else that does not have to change (ISO 32000-2, 12.8; EN 319 142-1, 5.3 and 6.3).
//
//   BOOST_OUTCOME_TRY(auto planned, plan_signature(document, wish));
//   // sign the document's bytes and planned.tail.bytes without planned.tail.gap
//   planned.tail.fill(message);
#ifndef SIGNET_PDF_SIGNATURE_H_
#define SIGNET_PDF_SIGNATURE_H_

#include <array>
#include <chrono>
#include <cstddef>
#include <functional>
#include <optional>
#include <string>

#include "pdf/document.h"
#include "pdf/error.h"
#include "pdf/object_sink.h"
#include "pdf/update.h"

namespace signet::pdf {

enum class SignatureKind {
  signature,   // ETSI.CAdES.detached
  time_stamp,  // a document time-stamp (ETSI.RFC3161)
};

// The box that an appearance fills, in units of its page.
struct SealBox {
  double width = 0;
  double height = 0;
  PageGeometry page;
};

struct VisibleSeal {
  // Makes the appearance: a form XObject whose box, /Matrix applied, fills the rectangle. It is put into the sink.
  std::function<PdfResult<QPDFObjectHandle>(ObjectSink&, const SealBox&)> appearance;
  // Of a new field: the page, counted from 0, and the rectangle on it in the page's own units. In a field that is there,
  // the field has both.
  std::size_t page = 0;
  std::array<double, 4> rectangle = {};
};

struct SignatureWish {
  SignatureKind kind = SignatureKind::signature;
  std::string
      field;  // full name of a field that is there; empty: a new one, "SignetSeal1" or the next free number
  int certify = 0;                              // DocMDP's permission, 1 to 3; 0: no certification
  std::string name, reason, location, contact;  // UTF-8; empty: left out
  std::chrono::system_clock::time_point signed_at;  // /M; a time-stamp has none
  std::size_t room = 0;                             // of /Contents, bytes of DER
  std::string digest;                               // "SHA256"; for /SV
  bool stamped = false;                             // it will have a time-stamp; for /SV
  bool ignore_xfa = false;  // sign although the form has XFA, which then shows something else
  std::optional<VisibleSeal> visible = std::nullopt;
};

struct PlannedSignature {
  std::string field;  // full name
  Tail tail;          // with its gap
};

// Forbidden and settings as the document demands: restrictions, locks, seed values, a field that is not there, is signed
// already or is none for signatures, XFA. Broken where anything that was read is.
PdfResult<PlannedSignature> plan_signature(Document& document, const SignatureWish& wish);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SIGNATURE_H_
