// For tests of the C ABI: PDF documents, and what others say of them.
#ifndef SIGNET_BINDINGS_C_TESTING_PDF_SCENE_H_
#define SIGNET_BINDINGS_C_TESTING_PDF_SCENE_H_

#include <fmt/format.h>

#include <string>

#include "bindings/c/signet-seal-pdf.h"
#include "bindings/c/testing/abi_scene.h"
#include "pdf/form.h"
#include "pdf/testing/pdf_maker.h"

namespace signet::c {

using Visible = Owned<signet_seal_visible, signet_seal_visible_free>;

class AbiPdf : public Abi {
 protected:
  AbiPdf() { EXPECT_EQ(signet_seal_options_set_format(options_, SIGNET_SEAL_PADES, error_), 0); }

  // Of the size of a text.
  void text_in_memory(AbiInput& input, const std::string& text) {
    ASSERT_EQ(signet_seal_input_memory(context_, text.data(), text.size(), &input, error_), 0);
  }

  int seal_pdf(signet_seal_key* key, const std::string& document, std::string& sealed,
               signet_seal_result** result = nullptr, signet_seal_time_stamper* stamper = nullptr) {
    AbiInput input;
    AbiOutput output;
    text_in_memory(input, document);
    EXPECT_EQ(signet_seal_output_memory(context_, &output, error_), 0);
    const int status =
        signet_seal_document(key, stamper, options_, input, output, nullptr, result, error_);
    const Bytes bytes = bytes_in(output);
    EXPECT_EQ(bytes.empty(), status != 0);
    sealed.assign(text_of(bytes));
    return status;
  }

  // What pdfsig says of a document that qpdf finds whole.
  static std::string pdfsig(const std::string& document, const std::string& password = {}) {
    const ScratchFolder folder;
    const std::string file = folder.write("sealed.pdf", document).string();
    const pdf::Ran checked =
        pdf::run(fmt::format("qpdf --check --password='{}' {}", password, file));
    EXPECT_TRUE(checked.good) << checked.output;
    const std::string given = password.empty() ? "" : "-opw " + password;
    return pdf::run(fmt::format("HOME={} pdfsig {} {}", folder.path().string(), given, file))
        .output;
  }

  static int times(const std::string& text, const std::string& part) {
    int found = 0;
    for (std::size_t at = text.find(part); at != std::string::npos; at = text.find(part, at + 1))
      ++found;
    return found;
  }

  static int valid_seals(const std::string& document, const std::string& password = {}) {
    return times(pdfsig(document, password), "Signature is Valid.");
  }

  static std::string encrypted(const std::string& document) {
    const ScratchFolder folder;
    const std::string plain = folder.write("plain.pdf", document).string();
    EXPECT_TRUE(pdf::run(fmt::format("qpdf --encrypt user owner 256 -- {} {}", plain,
                                     folder.path("locked.pdf").string()))
                    .good);
    return folder.read("locked.pdf");
  }

  const std::string document_ = pdf::MadeDocument().make();
};

// A field of a sealed document while it lives.
class SealedField {
 public:
  SealedField(const std::string& document, const std::string& name,
              const std::string& password = {})
      : document_(pdf::Document::open(pdf::Source::of(view_of(document)), password).value()),
        form_(pdf::Form::read(*document_).value()),
        field_(form_.find(name)) {}

  bool is_there() const { return field_ != nullptr; }
  // Of the signature; empty where there is none.
  std::string text(const char* key) const {
    QPDFObjectHandle value = field_->value;
    QPDFObjectHandle entry = value.getKey(key);
    return entry.isString() ? entry.getUTF8Value() : std::string();
  }
  bool certifies() const {
    QPDFObjectHandle value = field_->value;
    return value.hasKey("/Reference");
  }
  std::string rectangle() const {
    QPDFObjectHandle widget = field_->widgets.at(0);
    return widget.getKey("/Rect").unparseResolved();
  }

 private:
  std::unique_ptr<pdf::Document> document_;
  pdf::Form form_;
  const pdf::Field* field_;
};

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_TESTING_PDF_SCENE_H_
