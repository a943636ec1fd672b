#include "pdf/look/testing/document.h"

#include <fmt/format.h>

#include <qpdf/QPDFWriter.hh>
#include <stdexcept>

namespace signet::pdf::look::testing {

Document::Document(double width, double height) {
  qpdf_.emptyPDF();
  page_ = qpdf_.makeIndirectObject(parsed(
      fmt::format("<< /Type /Page /MediaBox [0 0 {} {}] /Resources << >> >>", width, height)));
  qpdf_.addPage(page_, true);
}

QPDFObjectHandle Document::parsed(const std::string& text) {
  return QPDFObjectHandle::parse(text);
}

QPDFObjectHandle Document::allocate() {
  ++objects_;
  return qpdf_.makeIndirectObject(QPDFObjectHandle::newNull());
}

void Document::put(const QPDFObjectHandle& reference, QPDFObjectHandle value) {
  if (value.isIndirect()) throw std::logic_error("an object to be put is direct");
  qpdf_.replaceObject(reference.getObjGen(), value);
}

void Document::put_stream(const QPDFObjectHandle& reference, QPDFObjectHandle dictionary,
                          Bytes data) {
  QPDFObjectHandle stream = QPDFObjectHandle::newStream(&qpdf_);
  QPDFObjectHandle filter = dictionary.getKey("/Filter");
  QPDFObjectHandle parameters = dictionary.getKey("/DecodeParms");
  stream.replaceDict(dictionary);
  stream.replaceStreamData(std::string(text_of(data)), filter, parameters);
  qpdf_.swapObjects(reference.getObjGen(), stream.getObjGen());
}

void Document::set_content(const std::string& operators, const QPDFObjectHandle& resources) {
  page_.replaceKey("/Contents", QPDFObjectHandle::newStream(&qpdf_, operators));
  page_.replaceKey("/Resources", resources);
}

void Document::add_widget(const std::string& rectangle, const QPDFObjectHandle& form) {
  QPDFObjectHandle widget =
      parsed("<< /Type /Annot /Subtype /Widget /FT /Sig /T (Seal) /F 4 /Rect " + rectangle +
             " /AP << >> >>");
  widget.getKey("/AP").replaceKey("/N", form);
  widget.replaceKey("/P", page_);
  // MuPDF draws a field that is not signed as it likes.
  widget.replaceKey("/V",
                    parsed("<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter /ETSI.CAdES.detached "
                           "/ByteRange [0 0 0 0] /Contents <00> >>"));
  const QPDFObjectHandle reference = qpdf_.makeIndirectObject(widget);
  QPDFObjectHandle list = QPDFObjectHandle::newArray();
  list.appendItem(reference);
  page_.replaceKey("/Annots", list);
  QPDFObjectHandle form_dictionary = QPDFObjectHandle::newDictionary();
  form_dictionary.replaceKey("/Fields", list.shallowCopy());
  catalog().replaceKey("/AcroForm", form_dictionary);
}

void Document::write(const std::filesystem::path& file) {
  QPDFWriter writer(qpdf_, file.c_str());
  writer.setDeterministicID(true);
  writer.setStreamDataMode(qpdf_s_preserve);
  writer.setNewlineBeforeEndstream(true);  // as PDF/A wants it
  writer.write();
}

}  // namespace signet::pdf::look::testing
