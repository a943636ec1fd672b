// What a document says of the extensions to ISO 32000-1 in it (7.12). For this component alone.
#ifndef SIGNET_PDF_EXTENSION_H_
#define SIGNET_PDF_EXTENSION_H_

#include "pdf/document.h"
#include "pdf/update.h"

namespace signet::pdf {

// /ExtensionLevel of ESIC.
enum class ExtensionLevel {
  signature = 2,
  store = 5,  // a security store, or a document time-stamp
};

// The extension that PAdES signatures, security stores and document time-stamps are (ESIC; EN 319 142-1, annex), where the
// document is older than PDF 2.0, which has all of them, and does not say so yet, or names a lower level. It throws what qpdf throws.
void declare_extension(Document& document, Update& update, ExtensionLevel level);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_EXTENSION_H_
