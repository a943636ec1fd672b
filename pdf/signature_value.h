// A signature that is in a document, as the file's bytes have it: qpdf decrypts /Contents that are not encrypted where it does
// not take their dictionary for a signature's.
#ifndef SIGNET_PDF_SIGNATURE_VALUE_H_
#define SIGNET_PDF_SIGNATURE_VALUE_H_

#include <cstdint>

#include "common/bytes.h"
#include "pdf/document.h"
#include "pdf/error.h"
#include "pdf/form.h"
#include "pdf/update.h"

namespace signet::pdf {

struct SignatureValue {
  Gap gap;                // what it does not cover
  std::uint64_t end = 0;  // of what it covers: the file's first so many bytes but for the gap
  Bytes contents;         // one DER element; the zeros behind it are left out
};

// Of a field that is signed. Broken where /ByteRange is not of the form [0 begin end length], the gap is not exactly
// /Contents, or that is no DER element of at most 16 MiB.
PdfResult<SignatureValue> read_signature(Document& document, const Field& field);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SIGNATURE_VALUE_H_
