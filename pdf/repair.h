// A cross-reference section for a document whose own cannot be used: every object that is in the file, found by reading it.
// With it behind the document, every reader that follows the last startxref finds what it needs, and repairs nothing.
#ifndef SIGNET_PDF_REPAIR_H_
#define SIGNET_PDF_REPAIR_H_

#include "common/bytes.h"
#include "pdf/error.h"
#include "pdf/source.h"

namespace signet::pdf {

// What is to stand behind the document's last byte: a whole section (no /Prev), as a table, or as a stream where objects lie
// in object streams; then "%%EOF". Its offsets count from %PDF-. Of objects with the same number the last one counts; one that
// an update had deleted is there again.
//
// Broken as scan_objects() has it, and where there is no catalog; forbidden where the document has a signature;
// unsupported where it is encrypted and has object streams, or they are compressed in another way than by Flate.
PdfResult<Bytes> repair_section(const Source& source);

// The bytes behind the source's.
Source joined(Source source, Bytes behind);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_REPAIR_H_
