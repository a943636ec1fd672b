// A signature's dictionary, but for /ByteRange and /Contents. For signature.cc alone.
#ifndef SIGNET_PDF_SIGNATURE_DICTIONARY_H_
#define SIGNET_PDF_SIGNATURE_DICTIONARY_H_

#include <qpdf/QPDFObjectHandle.hh>

#include "pdf/signature.h"

namespace signet::pdf {

// "/ETSI.CAdES.detached" and the like.
const char* sub_filter(SignatureKind kind);

// `lock`: the field's /Lock, or null. `catalog`: the document's. Settings where the wish asks for what excludes each other. It throws what qpdf throws.
PdfResult<QPDFObjectHandle> signature_dictionary(const SignatureWish& wish, QPDFObjectHandle lock,
                                                 const QPDFObjectHandle& catalog);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SIGNATURE_DICTIONARY_H_
