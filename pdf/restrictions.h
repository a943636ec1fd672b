// What the signatures that are in a document forbid: changes of the document (DocMDP; ISO 32000-2, 12.8.2.2) and of fields
// (FieldMDP, 12.8.2.4; the /Lock of a field that is signed, 12.7.5.5).
#ifndef SIGNET_PDF_RESTRICTIONS_H_
#define SIGNET_PDF_RESTRICTIONS_H_

#include <string>

#include "pdf/document.h"
#include "pdf/error.h"
#include "pdf/form.h"

namespace signet::pdf {

// What a signature to be would do to the document.
struct Intent {
  std::string field;       // full name
  bool new_field = false;  // which is not there yet
  bool visible =
      false;  // it changes what pages look like, beyond the appearance of a field that is there
  bool certify = false;
  bool time_stamp =
      false;  // a document time-stamp, which DocMDP and locks never forbid (12.8.2.2.2)
};

// Forbidden with the name of the signature that does, or by what the password allows.
PdfResult<void> check_restrictions(Document& document, const Form& form, const Intent& intent);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_RESTRICTIONS_H_
