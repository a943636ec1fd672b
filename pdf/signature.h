// The update that puts a signature into a document: a field for it, or one that is there; its dictionary with a gap for the
// CMS message; and nothing else that does not have to change (ISO 32000-2, 12.8; EN 319 142-1, 5.3 and 6.3).
//
//   BOOST_OUTCOME_TRY(auto planned, plan_signature(document, wish));
//   // sign the document's bytes and planned.tail.bytes without planned.tail.gap
//   planned.tail.fill(message);
#ifndef SIGNET_PDF_SIGNATURE_H_
#define SIGNET_PDF_SIGNATURE_H_

#include <chrono>
#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "pdf/document.h"
#include "pdf/error.h"
#include "pdf/security_store.h"
#include "pdf/update.h"
#include "pdf/visible_seal.h"

namespace signet::pdf {

enum class SignatureKind {
  signature,   // ETSI.CAdES.detached: PAdES
  pkcs7,       // adbe.pkcs7.detached: any detached CMS message (ISO 32000-2, 12.8.3.3)
  time_stamp,  // a document time-stamp (ETSI.RFC3161)
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
  bool wants_page = false;   // of a visible seal in a field that is there: pages are counted for it
  SecurityStore store = {};  // added in the same update, which the signature covers
};

struct PlannedSignature {
  std::optional<std::size_t>
      page;  // that a visible seal is on, counted from 0; none: nobody asked, or its field does not say
  std::string field;                 // full name
  Tail tail;                         // with its gap
  std::vector<std::string> remarks;  // what a reader may take amiss; sentences for people
};

// Forbidden and settings as the document demands: restrictions, locks, seed values, a field that is not there, is signed
// already, is none for signatures or is too small for the visible seal, a page that is not there, XFA. Look where a visible
// seal cannot look as it was wished. Broken where anything that was read is.
PdfResult<PlannedSignature> plan_signature(Document& document, const SignatureWish& wish);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SIGNATURE_H_
