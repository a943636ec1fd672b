#include "softhsm-backend/sapiws/xml_writer.h"

#include <new>
#include <stdexcept>

#include "crypto/base64.h"

namespace signet::emulator::sapiws {

namespace {

void check(int written) {
  if (written < 0) throw std::runtime_error("an answer cannot be written as XML");
}

const xmlChar* xml(const char* text) {
  return reinterpret_cast<const xmlChar*>(text);
}

}  // namespace

XmlWriter::XmlWriter() : buffer_(xmlBufferCreate()) {
  if (!buffer_) throw std::bad_alloc();
  writer_.reset(xmlNewTextWriterMemory(buffer_.get(), 0));
  if (!writer_) throw std::bad_alloc();
}

XmlWriter& XmlWriter::open(const char* name) {
  check(xmlTextWriterStartElement(writer_.get(), xml(name)));
  return *this;
}

XmlWriter& XmlWriter::open(const char* name, const char* space) {
  return open(name).attribute("xmlns", space);
}

XmlWriter& XmlWriter::attribute(const char* name, std::string_view value) {
  check(xmlTextWriterWriteAttribute(writer_.get(), xml(name), xml(std::string(value).c_str())));
  return *this;
}

XmlWriter& XmlWriter::text(std::string_view text) {
  check(xmlTextWriterWriteString(writer_.get(), xml(std::string(text).c_str())));
  return *this;
}

XmlWriter& XmlWriter::close() {
  check(xmlTextWriterEndElement(writer_.get()));
  return *this;
}

XmlWriter& XmlWriter::element(const char* name, std::string_view content) {
  return open(name).text(content).close();
}

XmlWriter& XmlWriter::base64(const char* name, ByteView bytes) {
  return element(name, crypto::to_base64(bytes));
}

XmlWriter& XmlWriter::raw(std::string_view xml_text) {
  check(xmlTextWriterWriteRawLen(writer_.get(), xml(xml_text.data()),
                                 static_cast<int>(xml_text.size())));
  return *this;
}

std::string XmlWriter::finish() {
  check(xmlTextWriterEndDocument(writer_.get()));
  check(xmlTextWriterFlush(writer_.get()));
  std::string written(reinterpret_cast<const char*>(xmlBufferContent(buffer_.get())),
                      static_cast<std::size_t>(xmlBufferLength(buffer_.get())));
  // The writer ends a document with a line end, which an element inside another does not have.
  if (written.ends_with('\n')) written.pop_back();
  return written;
}

}  // namespace signet::emulator::sapiws
