// Object streams (ISO 32000-2, 7.5.7) inflate when qpdf reads the first object in them, without a bound: they are looked at
// before it does. Only those that could inflate to more than the bound are inflated for that.
#ifndef SIGNET_PDF_OBJECT_STREAMS_H_
#define SIGNET_PDF_OBJECT_STREAMS_H_

#include "pdf/cross_reference.h"
#include "pdf/error.h"
#include "pdf/source.h"

namespace signet::pdf {

// Broken where one comes to more than 16 MiB, or is no object stream, or lies in another one; unsupported where it has more
// than one filter, or another one than Flate.
PdfResult<void> check_object_streams(Window& window, const CrossReference& cross_reference);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_OBJECT_STREAMS_H_
