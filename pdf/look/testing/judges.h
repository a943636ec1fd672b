// What other programs make of a document: poppler, MuPDF, Ghostscript, qpdf.
#ifndef SIGNET_PDF_LOOK_TESTING_JUDGES_H_
#define SIGNET_PDF_LOOK_TESTING_JUDGES_H_

#include <filesystem>
#include <string>

#include "pdf/look/testing/document.h"

namespace signet::pdf::look::testing {

// A file in a folder of its own, removed with it.
class WrittenDocument {
 public:
  explicit WrittenDocument(Document& document);
  WrittenDocument(const WrittenDocument&) = delete;
  WrittenDocument& operator=(const WrittenDocument&) = delete;
  ~WrittenDocument();

  const std::filesystem::path& file() const { return file_; }
  const std::filesystem::path& folder() const { return folder_; }
  std::size_t size() const;

  // What qpdf --check and Ghostscript complain of; empty where they are content.
  std::string complaints() const;
  std::string fonts() const;       // of pdffonts
  std::string text() const;        // of pdftotext
  std::string mupdf_text() const;  // of mutool

 private:
  std::filesystem::path folder_;
  std::filesystem::path file_;
};

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_JUDGES_H_
