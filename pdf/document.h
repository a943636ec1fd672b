// A PDF document that was opened for reading: qpdf behind a cross-reference that was walked with bounds. qpdf repairs
// nothing: a document that would have to be repaired is broken, since each viewer repairs in its own way.
//
// What qpdf reads it reads late, and reports what is wrong as a warning: check() after everything was looked at.
#ifndef SIGNET_PDF_DOCUMENT_H_
#define SIGNET_PDF_DOCUMENT_H_

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <qpdf/QPDF.hh>
#include <string_view>

#include "pdf/cross_reference.h"
#include "pdf/error.h"
#include "pdf/guarded.h"
#include "pdf/source.h"

namespace signet::pdf {

// What a user may do with an encrypted document (ISO 32000-2, table 22).
struct Permissions {
  bool modify = true;      // bit 4
  bool annotate = true;    // bit 6
  bool fill_forms = true;  // bit 9, or 6
};

// Where things are on a page, in its own units.
struct PageGeometry {
  std::array<double, 4> crop_box = {};  // left, bottom, right, top; within the media box
  int rotate = 0;                       // clockwise: 0, 90, 180, 270
  double user_unit = 1;                 // of 1/72 inch
};

// Used by one thread at a time.
class Document {
 public:
  // `password`: the user's or the owner's, as bytes; empty: the empty one. UTF-8 is tried in PDFDocEncoding, too, which passwords
  // up to revision 4 have; it is not prepared by SASLprep. The source is read as long as the document lives.
  static PdfResult<std::unique_ptr<Document>> open(Source source, std::string_view password = {});

  // Likewise, but a document whose cross-references cannot be used gets new ones behind its last byte (repair.h): then source()
  // is longer than the one that was given. Refused where the document is signed, as repair.h has it, or where a page of its
  // page tree is missing.
  static PdfResult<std::unique_ptr<Document>> open_repaired(Source source,
                                                            std::string_view password = {});

  // What was put behind the source that was given; empty: nothing.
  const Bytes& repair() const { return repair_; }

  // The document as it was at this revision (an index of revisions()).
  PdfResult<std::unique_ptr<Document>> open_revision(std::size_t revision,
                                                     std::string_view password = {}) const;

  const Source& source() const { return window_.source(); }
  const CrossReference& cross_reference() const { return cross_reference_; }

  // A dictionary that is an object of its own.
  const QPDFObjectHandle& catalog() const { return catalog_; }
  QPDFObjectHandle trailer() { return qpdf_->getTrailer(); }
  QPDF& qpdf() { return *qpdf_; }

  // 17 for 1.7, of the header or the catalog's /Version, whichever is later.
  int version() const { return version_; }

  // What the password that was given allows.
  Permissions permissions();

  PdfResult<std::size_t> page_count();
  // Counted from 0: a dictionary that is an object of its own. Broken where the page tree's /Count is wrong on the way.
  PdfResult<QPDFObjectHandle> page(std::size_t index);
  // The other way round. Broken where it does not hang in the page tree.
  PdfResult<std::size_t> index_of(const QPDFObjectHandle& page);
  PdfResult<PageGeometry> geometry(const QPDFObjectHandle& page);

  // A stream's data, decoded; nothing where it is no stream, comes to more than that many bytes, or has another filter than Flate
  // alone.
  PdfResult<std::optional<Bytes>> decoded(QPDFObjectHandle stream, std::size_t most);

  // The metadata stream (XMP), decoded; empty where there is none, or where it is over 4 MiB or has another filter than Flate
  // alone.
  PdfResult<Bytes> metadata();

  // Broken where anything that was read so far is; from then on always.
  PdfResult<void> check();

  // The cause, where something looks broken because qpdf could not read a part of it.
  Error explained(Error error);

  // What `work` returns; what qpdf throws meanwhile, or the cause of a broken document, as an error.
  template <typename Work>
  auto examined(Work&& work) -> decltype(work()) {
    auto done = guarded(std::forward<Work>(work), cross_reference_.base());
    if (!done) return explained(done.error());
    return done;
  }

 private:
  explicit Document(Source source) : window_(std::move(source)) {}
  PdfResult<void> read(std::string_view password);
  PdfResult<void> load(std::string_view password);
  Error unreadable_catalog() const;

  Window window_;
  Bytes repair_;
  CrossReference cross_reference_;
  std::unique_ptr<QPDF> qpdf_;  // reads through the window
  QPDFObjectHandle catalog_;
  int version_ = 0;
  std::optional<Error> fault_;
};

// An attribute of a page or a field that it may have from an ancestor (/Parent); null where none has it.
PdfResult<QPDFObjectHandle> inherited(QPDFObjectHandle node, const std::string& key);

// Left, bottom, right, top, whichever corners it names; nothing where it is no rectangle.
std::optional<std::array<double, 4>> rectangle_of(QPDFObjectHandle value);

// A file's number of an indirect object, "12 0", for the comparison of references.
bool same_object(const QPDFObjectHandle& a, const QPDFObjectHandle& b);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_DOCUMENT_H_
