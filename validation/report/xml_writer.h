// Writes XML by libxml2's writer: names are ours, text is escaped, and characters that XML 1.0 has no place for become U+FFFD.
#ifndef SIGNET_VALIDATION_REPORT_XML_WRITER_H_
#define SIGNET_VALIDATION_REPORT_XML_WRITER_H_

#include <libxml/tree.h>
#include <libxml/xmlwriter.h>

#include <memory>
#include <string>
#include <string_view>

#include "common/bytes.h"

namespace signet::validation {

// Throws std::bad_alloc where libxml2 has no memory, which is the only reason for it to refuse.
class XmlWriter {
 public:
  XmlWriter();

  XmlWriter& attribute(const char* name, std::string_view content);
  XmlWriter& element(const char* name, std::string_view text);
  XmlWriter& base64(const char* name, ByteView bytes);
  // Without content.
  XmlWriter& reference(const char* name, const char* attribute, std::string_view content);

  // What is still open is closed.
  std::string finish() &&;

  // Open for as long as it lives.
  class [[nodiscard]] Element {
   public:
    Element(XmlWriter& writer, const char* name) : writer_(writer) { writer_.open(name); }
    ~Element() { writer_.close(); }
    Element(const Element&) = delete;
    Element& operator=(const Element&) = delete;

   private:
    XmlWriter& writer_;
  };

 private:
  void open(const char* name);
  void close() noexcept;

  struct BufferFree {
    void operator()(xmlBuffer* buffer) const { xmlBufferFree(buffer); }
  };
  struct WriterFree {
    void operator()(xmlTextWriter* writer) const { xmlFreeTextWriter(writer); }
  };

  bool failed_ = false;
  std::unique_ptr<xmlBuffer, BufferFree> buffer_;
  std::unique_ptr<xmlTextWriter, WriterFree> writer_;
};

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_REPORT_XML_WRITER_H_
