// Objects as text (ISO 32000-2, 7.3), their strings encrypted where the document is. For this component alone.
#ifndef SIGNET_PDF_SERIALISE_H_
#define SIGNET_PDF_SERIALISE_H_

#include <qpdf/QPDFObjectHandle.hh>
#include <string>

#include "pdf/encryption.h"
#include "pdf/error.h"

namespace signet::pdf {

// Appends `value`; what it refers to stays a reference. `owner`: the object it is written into; `encryption`: null for none.
// A signature's /Contents is never encrypted (7.6.2). It throws what qpdf throws.
PdfResult<void> serialise(QPDFObjectHandle value, const Encryption* encryption, QPDFObjGen owner,
                          std::string& out);

// The entries of a dictionary without its brackets.
PdfResult<void> serialise_entries(QPDFObjectHandle dictionary, const Encryption* encryption,
                                  QPDFObjGen owner, std::string& out);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SERIALISE_H_
