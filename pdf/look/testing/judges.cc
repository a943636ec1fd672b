#include "pdf/look/testing/judges.h"

#include <stdlib.h>

#include <sstream>
#include <stdexcept>
#include <vector>

#include "tests/support/files.h"
#include "tests/support/process.h"

namespace signet::pdf::look::testing {

namespace {

std::filesystem::path new_folder() {
  std::string folder = (std::filesystem::temp_directory_path() / "signet-look-XXXXXX").string();
  if (mkdtemp(folder.data()) == nullptr) throw std::runtime_error("no folder for a document");
  return folder;
}

// What a program wrote to either stream, and its status where that is not 0.
std::string all_output(const std::filesystem::path& folder,
                       const std::vector<std::string>& command) {
  const auto file = folder / "output";
  std::filesystem::remove(file);
  tests::Process process(command, file, file);
  const int status = process.wait();
  const std::string text = tests::read_file(file);
  return status == 0 ? text
                     : command.front() + " ended with " + std::to_string(status) + "\n" + text;
}

// A portable pixmap with one white space after each number, as both programs write it.
Raster raster_of(const std::string& pixmap) {
  std::istringstream in(pixmap);
  std::string kind;
  std::size_t most = 0;
  Raster raster;
  in >> kind >> raster.width >> raster.height >> most;
  if (kind != "P6" || most != 255) throw std::runtime_error("not a pixmap");
  in.get();
  raster.pixels = pixmap.substr(static_cast<std::size_t>(in.tellg()));
  return raster;
}

}  // namespace

WrittenDocument::WrittenDocument(Document& document)
    : folder_(new_folder()), file_(folder_ / "document.pdf") {
  document.write(file_);
}

WrittenDocument::~WrittenDocument() {
  std::error_code ignored;
  std::filesystem::remove_all(folder_, ignored);
}

std::size_t WrittenDocument::size() const {
  return std::filesystem::file_size(file_);
}

std::string WrittenDocument::complaints() const {
  std::string all;
  const std::string qpdf = all_output(folder_, {"/usr/bin/qpdf", "--check", file_});
  if (qpdf.find("No syntax or stream encoding errors found") == std::string::npos) all += qpdf;
  all += all_output(folder_,
                    {"/usr/bin/gs", "-q", "-dSAFER", "-dBATCH", "-dNOPAUSE", "-dPDFSTOPONERROR",
                     "-dPDFSTOPONWARNING", "-dPrinted=false", "-sDEVICE=nullpage", file_});
  return all;
}

std::string WrittenDocument::fonts() const {
  return tests::output_of({"/usr/bin/pdffonts", file_});
}

std::string WrittenDocument::text() const {
  return tests::output_of({"/usr/bin/pdftotext", "-layout", file_, "-"});
}

std::string WrittenDocument::mupdf_text() const {
  return tests::output_of({"/usr/bin/mutool", "draw", "-q", "-F", "txt", file_});
}

Raster WrittenDocument::poppler_raster(double resolution) const {
  tests::output_of({"/usr/bin/pdftoppm", "-singlefile", "-cropbox", "-r",
                    std::to_string(resolution), file_, folder_ / "poppler"});
  return raster_of(tests::read_file(folder_ / "poppler.ppm"));
}

Raster WrittenDocument::mupdf_raster(std::size_t width, std::size_t height) const {
  const auto picture = folder_ / "mupdf.ppm";
  tests::output_of({"/usr/bin/mutool", "draw", "-q", "-f", "-w", std::to_string(width), "-h",
                    std::to_string(height), "-o", picture, file_, "1"});
  return raster_of(tests::read_file(picture));
}

}  // namespace signet::pdf::look::testing
