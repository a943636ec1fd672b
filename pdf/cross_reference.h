// A document's chain of cross-reference sections (ISO 32000-2, 7.5.4, 7.5.8), walked with bounds before qpdf sees the file:
// qpdf inflates without one, looks for the chain's beginning in the last kilobyte only, and does not say where it found what.
//
// Bounds: 1 MiB behind the last %%EOF, 1,024 bytes in front of %PDF-, 10,000 sections, 128 MiB of all inflated sections, and
// no more entries than the file has bytes (but 65,536 always).
#ifndef SIGNET_PDF_CROSS_REFERENCE_H_
#define SIGNET_PDF_CROSS_REFERENCE_H_

#include <algorithm>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "pdf/error.h"
#include "pdf/source.h"

namespace signet::pdf {

enum class SectionForm { table, stream };

// All offsets here count from the file's start, also where the file counts from %PDF-.
struct Section {
  SectionForm form = SectionForm::table;
  bool hybrid = false;       // a table that has a stream beside it (/XRefStm)
  std::uint64_t offset = 0;  // of "xref" or of the stream's object
  std::uint64_t end = 0;     // behind the trailer's dictionary, or the stream's data
  std::uint64_t size = 0;    // /Size, as it says
  // An object that it defines twice, in different places: which one counts, readers do not agree on. 0: none.
  std::uint32_t defined_twice = 0;
  bool encrypted = false;  // its trailer has /Encrypt
};

// Where an object is.
struct Entry {
  enum class Kind : std::uint8_t { free, plain, compressed };

  Kind kind = Kind::free;
  std::uint32_t object = 0;      // its number
  std::uint32_t generation = 0;  // compressed: its index in the object stream
  std::uint64_t where = 0;       // plain: offset; compressed: number of the object stream
};

// The file's first so many bytes, as they were before somebody added something.
struct Revision {
  std::uint64_t end = 0;    // behind its %%EOF and the end of that line
  std::size_t section = 0;  // the first of its sections in CrossReference::sections()
};

class CrossReference {
 public:
  static PdfResult<CrossReference> walk(Window& window);

  // The newest first; never empty.
  const std::vector<Section>& sections() const { return sections_; }
  // The oldest first; the last one is the whole document without what stands behind its %%EOF.
  const std::vector<Revision>& revisions() const { return revisions_; }

  // What the number behind the last startxref is: also the /Prev of the next update. Blanks may stand there: readers that
  // compare the two, to see what an earlier signature covers, want the same number.
  std::uint64_t start() const { return start_; }
  // Offset of %PDF-.
  std::uint64_t header() const { return header_; }
  // What the file's own offsets count from: 0, or header().
  std::uint64_t base() const { return base_; }
  // Behind the last %%EOF; what follows is not the document's.
  std::uint64_t end() const { return end_; }
  // How an update has to be written: as the section that the last startxref points to.
  SectionForm form() const { return sections_.front().form; }
  // Whether readers that know no cross-reference streams see other objects than the others do.
  bool is_hybrid() const { return std::ranges::any_of(sections_, &Section::hybrid); }
  // As the newest trailer says.
  bool is_encrypted() const { return sections_.front().encrypted; }
  // The number of the next new object: nothing has it, whatever /Size says.
  std::uint32_t next_object() const { return next_object_; }

  // In the newest revision; null where nothing says anything of that number.
  const Entry* find(std::uint32_t object) const;
  // Sorted by number, one for each.
  const std::vector<Entry>& entries() const { return entries_; }

 private:
  friend class Walk;

  std::vector<Section> sections_;
  std::vector<Revision> revisions_;
  std::vector<Entry> entries_;
  std::uint64_t start_ = 0;
  std::uint64_t header_ = 0;
  std::uint64_t base_ = 0;
  std::uint64_t end_ = 0;
  std::uint32_t next_object_ = 1;
};

}  // namespace signet::pdf

#endif  // SIGNET_PDF_CROSS_REFERENCE_H_
