// One section of a cross-reference. For cross_reference.cc alone.
#ifndef SIGNET_PDF_SECTION_READER_H_
#define SIGNET_PDF_SECTION_READER_H_

#include <optional>
#include <vector>

#include "pdf/cross_reference.h"
#include "pdf/error.h"
#include "pdf/lexer.h"
#include "pdf/source.h"

namespace signet::pdf {

struct SectionContent {
  Section section;
  std::vector<Entry> entries;             // of objects that there are
  std::vector<Entry> free;                // of others
  std::optional<std::uint64_t> previous;  // /Prev, as it says
  std::optional<std::uint64_t> stream;    // /XRefStm, as it says
  std::uint32_t own_object = 0;           // of a stream
  std::uint64_t inflated = 0;             // bytes that its stream came to
};

// What a section may have at most.
struct SectionBounds {
  std::uint64_t entries = 0;
  std::uint64_t inflated = 0;  // bytes
};

// Whether "xref", or "n n obj", stands there.
std::optional<SectionForm> form_at(Window& window, std::uint64_t offset);

// At this offset of the file. `base`: what the offsets in it count from. A stream that goes on for more than 4 KiB
// behind its last entry is broken.
PdfResult<SectionContent> read_section(Window& window, std::uint64_t offset, std::uint64_t base,
                                       const SectionBounds& most);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_SECTION_READER_H_
