// Compression as /FlateDecode undoes it.
#ifndef SIGNET_PDF_LOOK_DEFLATE_H_
#define SIGNET_PDF_LOOK_DEFLATE_H_

#include <qpdf/QPDFObjectHandle.hh>

#include "common/bytes.h"
#include "pdf/object_sink.h"

namespace signet::pdf::look {

Bytes deflated(ByteView data);

// A new stream of the sink with this dictionary, to which /Filter is added.
QPDFObjectHandle put_deflated(ObjectSink& sink, QPDFObjectHandle dictionary, ByteView data);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_DEFLATE_H_
