// A document of one page around objects of a seal, written by qpdf, for other programs to judge.
#ifndef SIGNET_PDF_LOOK_TESTING_DOCUMENT_H_
#define SIGNET_PDF_LOOK_TESTING_DOCUMENT_H_

#include <filesystem>
#include <qpdf/QPDF.hh>
#include <string>

#include "pdf/object_sink.h"

namespace signet::pdf::look::testing {

class Document final : public ObjectSink {
 public:
  // User units.
  Document(double width, double height);

  QPDFObjectHandle allocate() override;
  void put(const QPDFObjectHandle& reference, QPDFObjectHandle value) override;
  void put_stream(const QPDFObjectHandle& reference, QPDFObjectHandle dictionary,
                  Bytes data) override;

  QPDFObjectHandle page() { return page_; }
  QPDFObjectHandle catalog() { return qpdf_.getRoot(); }
  // "[0 0 10 10]"
  static QPDFObjectHandle parsed(const std::string& text);

  // What the page itself draws.
  void set_content(const std::string& operators, const QPDFObjectHandle& resources);
  // A signature field whose widget has this form as its appearance; `rectangle` as parsed().
  void add_widget(const std::string& rectangle, const QPDFObjectHandle& form);

  void write(const std::filesystem::path& file);
  std::size_t objects() const { return objects_; }  // that were allocated

 private:
  QPDF qpdf_;
  QPDFObjectHandle page_;
  std::size_t objects_ = 0;
};

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_DOCUMENT_H_
