// What other programs make of a document: poppler, MuPDF, Ghostscript, qpdf.
#ifndef SIGNET_PDF_LOOK_TESTING_JUDGES_H_
#define SIGNET_PDF_LOOK_TESTING_JUDGES_H_

#include <filesystem>
#include <string>

#include "pdf/look/testing/document.h"

namespace signet::pdf::look::testing {

// A page as it is seen: three bytes a pixel.
struct Raster {
  std::size_t width = 0;
  std::size_t height = 0;
  std::string pixels;

  // Of a pixel, or the average of red, green and blue; 0 is black.
  unsigned red(std::size_t x, std::size_t y) const { return component(x, y, 0); }
  unsigned green(std::size_t x, std::size_t y) const { return component(x, y, 1); }
  unsigned blue(std::size_t x, std::size_t y) const { return component(x, y, 2); }
  unsigned gray(std::size_t x, std::size_t y) const {
    return (red(x, y) + green(x, y) + blue(x, y)) / 3;
  }

 private:
  unsigned component(std::size_t x, std::size_t y, std::size_t which) const {
    return static_cast<unsigned char>(pixels.at((y * width + x) * 3 + which));
  }
};

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
  // The first page; `resolution` is in pixels for 72 of the page's units, since poppler knows no /UserUnit.
  Raster poppler_raster(double resolution) const;
  // Stretched to this size.
  Raster mupdf_raster(std::size_t width, std::size_t height) const;

 private:
  std::filesystem::path folder_;
  std::filesystem::path file_;
};

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_JUDGES_H_
