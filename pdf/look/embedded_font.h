// A subset of a font as an object of a document.
#ifndef SIGNET_PDF_LOOK_EMBEDDED_FONT_H_
#define SIGNET_PDF_LOOK_EMBEDDED_FONT_H_

#include <qpdf/QPDFObjectHandle.hh>
#include <string>

#include "common/bytes.h"
#include "pdf/look/font.h"
#include "pdf/look/subset.h"
#include "pdf/look/to_unicode.h"
#include "pdf/object_sink.h"

namespace signet::pdf::look {

// What PDF/A-1 demands of subsets, and PDF 2.0 advises against (ISO 19005-1, 6.3.5).
enum class CidSet { absent, complete };

// A Type 0 font with /Identity-H: codes are two bytes, the CID. Its reference.
QPDFObjectHandle put_font(ObjectSink& sink, const Font& font, const Subset& subset,
                          const ToUnicode& meanings, CidSet cid_set);

// A width as /W has it, in thousandths of the em square.
double width_in_document(const Font& font, std::int32_t advance);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_EMBEDDED_FONT_H_
