// What a document demands of the look of a seal: it must stay PDF/A where it says that it is.
#ifndef SIGNET_PDF_LOOK_DEMANDS_H_
#define SIGNET_PDF_LOOK_DEMANDS_H_

#include <cstdint>
#include <qpdf/QPDFObjectHandle.hh>

#include "common/bytes.h"

namespace signet::pdf::look {

// The colour space of the destination profile of a document's PDF/A output intent.
enum class IntentSpace : std::uint8_t { none, gray, rgb, cmyk };

struct Demands {
  int pdfa_part = 0;  // of ISO 19005, 1 to 4; 0: it is not PDF/A
  IntentSpace intent = IntentSpace::none;

  bool is_pdfa() const { return pdfa_part != 0; }
  // PDF/A-1 has none; the others want it described, by the page or an output intent.
  bool allows_transparency() const {
    return !is_pdfa() || (pdfa_part > 1 && intent != IntentSpace::none);
  }
};

// Of a document's catalog, and its metadata (the stream at /Metadata, decoded; empty: there are none). The part is what
// follows "pdfaid:part", the prefix being fixed (ISO 19005-1, 6.7.11); the metadata are not parsed as XML. Where they say
// something twice, the lowest part counts. An output intent that cannot be read is none, which allows least.
Demands demands_of(QPDFObjectHandle catalog, ByteView metadata);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_DEMANDS_H_
