#include "pdf/look/deflate.h"

#include <qpdf/Pl_Flate.hh>
#include <qpdf/Pl_String.hh>
#include <string>

namespace signet::pdf::look {

Bytes deflated(ByteView data) {
  std::string compressed;
  Pl_String collect("collect", nullptr, compressed);
  Pl_Flate flate("deflate", &collect, Pl_Flate::a_deflate);
  flate.write(data.data(), data.size());
  flate.finish();
  return copy_of(view_of(compressed));
}

QPDFObjectHandle put_deflated(ObjectSink& sink, QPDFObjectHandle dictionary, ByteView data) {
  dictionary.replaceKey("/Filter", QPDFObjectHandle::newName("/FlateDecode"));
  const QPDFObjectHandle reference = sink.allocate();
  sink.put_stream(reference, dictionary, deflated(data));
  return reference;
}

}  // namespace signet::pdf::look
