#include "validation/report/xml_writer.h"

#include <new>

#include "common/printable.h"
#include "crypto/base64.h"

namespace signet::validation {

namespace {

const xmlChar* xml(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}

// printable() leaves valid UTF-8 without control characters; of the rest XML has no place for U+FFFE and U+FFFF.
std::string allowed(std::string_view text) {
  std::string out = printable(text);
  for (const std::string_view forbidden : {"\xef\xbf\xbe", "\xef\xbf\xbf"})
    for (auto at = out.find(forbidden); at != std::string::npos; at = out.find(forbidden, at))
      out.replace(at, forbidden.size(), "\xef\xbf\xbd");
  return out;
}

}  // namespace

XmlWriter::XmlWriter() : buffer_(xmlBufferCreate()) {
  if (!buffer_) throw std::bad_alloc();
  writer_.reset(xmlNewTextWriterMemory(buffer_.get(), 0));
  if (!writer_) throw std::bad_alloc();
  xmlTextWriterSetIndent(writer_.get(), 1);
  failed_ = xmlTextWriterStartDocument(writer_.get(), "1.0", "UTF-8", nullptr) < 0;
}

void XmlWriter::open(const char* name) {
  if (xmlTextWriterStartElement(writer_.get(), xml(name)) < 0) failed_ = true;
}

void XmlWriter::close() noexcept {
  if (xmlTextWriterEndElement(writer_.get()) < 0) failed_ = true;
}

XmlWriter& XmlWriter::attribute(const char* name, std::string_view content) {
  if (xmlTextWriterWriteAttribute(writer_.get(), xml(name), xml(allowed(content).c_str())) < 0)
    failed_ = true;
  return *this;
}

XmlWriter& XmlWriter::element(const char* name, std::string_view text) {
  if (xmlTextWriterWriteElement(writer_.get(), xml(name), xml(allowed(text).c_str())) < 0)
    failed_ = true;
  return *this;
}

XmlWriter& XmlWriter::base64(const char* name, ByteView bytes) {
  return element(name, crypto::to_base64(bytes));
}

XmlWriter& XmlWriter::reference(const char* name, const char* attribute_name,
                                std::string_view content) {
  const Element element(*this, name);
  return attribute(attribute_name, content);
}

std::string XmlWriter::finish() && {
  if (xmlTextWriterEndDocument(writer_.get()) < 0) failed_ = true;
  if (xmlTextWriterFlush(writer_.get()) < 0) failed_ = true;
  if (failed_) throw std::bad_alloc();
  return {reinterpret_cast<const char*>(xmlBufferContent(buffer_.get())),
          static_cast<std::size_t>(xmlBufferLength(buffer_.get()))};
}

}  // namespace signet::validation
