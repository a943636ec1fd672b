// Where objects go that an update adds to a document, without the makers of the objects knowing how it is written.
#ifndef SIGNET_PDF_OBJECT_SINK_H_
#define SIGNET_PDF_OBJECT_SINK_H_

#include <qpdf/QPDFObjectHandle.hh>

#include "common/bytes.h"

namespace signet::pdf {

// Takes the objects that an update adds to or replaces in a document; strings in them are plain, whoever writes them encrypts.
class ObjectSink {
 public:
  virtual ~ObjectSink() = default;
  // A reference to an object that does not exist yet: its number is the next one that is free.
  virtual QPDFObjectHandle allocate() = 0;
  // Direct object `value` becomes what `reference` refers to: a new one, or one of the document that is replaced.
  virtual void put(const QPDFObjectHandle& reference, QPDFObjectHandle value) = 0;
  // Likewise a stream; `data` is as it is stored, encoded as the dictionary's /Filter says. /Length is added by the writer.
  virtual void put_stream(const QPDFObjectHandle& reference, QPDFObjectHandle dictionary,
                          Bytes data) = 0;
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_OBJECT_SINK_H_
