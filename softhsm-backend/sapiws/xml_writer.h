// Writes the XML of an answer, by libxml2's writer: names are ours, text and values are escaped.
#ifndef SIGNET_SOFTHSM_BACKEND_SAPIWS_XML_WRITER_H_
#define SIGNET_SOFTHSM_BACKEND_SAPIWS_XML_WRITER_H_

#include <libxml/tree.h>
#include <libxml/xmlwriter.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/bytes.h"

namespace signet::emulator::sapiws {

// Elements are opened and closed in pairs. Text: UTF-8 of characters that XML allows, without NUL. Throws
// std::runtime_error where libxml2 refuses, which only a lack of memory causes.
class XmlWriter {
 public:
  XmlWriter();

  XmlWriter& open(const char* name);
  XmlWriter& open(const char* name, const char* space);  // makes `space` the default namespace
  XmlWriter& attribute(const char* name, std::string_view value);
  XmlWriter& text(std::string_view text);
  XmlWriter& close();

  // An element with nothing but text.
  XmlWriter& element(const char* name, std::string_view text);
  XmlWriter& base64(const char* name, ByteView bytes);

  // XML that was written by another writer.
  XmlWriter& raw(std::string_view xml);

  // What was written so far; every element that is still open is closed.
  std::string finish();

 private:
  struct BufferFree {
    void operator()(xmlBuffer* buffer) const { xmlBufferFree(buffer); }
  };
  struct WriterFree {
    void operator()(xmlTextWriter* writer) const { xmlFreeTextWriter(writer); }
  };

  std::unique_ptr<xmlBuffer, BufferFree> buffer_;
  std::unique_ptr<xmlTextWriter, WriterFree> writer_;
};

}  // namespace signet::emulator::sapiws

#endif  // SIGNET_SOFTHSM_BACKEND_SAPIWS_XML_WRITER_H_
