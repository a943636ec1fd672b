// Any bytes as a PDF document whose cross-references are walked, and whose object streams are looked at.
#include <cstdint>

#include "pdf/cross_reference.h"
#include "pdf/object_streams.h"
#include "tests/fuzz/support/require.h"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  using namespace signet;
  using fuzz::require;
  pdf::Window window(pdf::Source::of(ByteView(data, size)));
  const auto walked = pdf::CrossReference::walk(window);
  if (!walked) {
    require(!walked.error().sentence.empty(), "an error is a sentence");
    require(walked.error().kind != pdf::ErrorKind::unreadable, "memory can be read");
    return 0;
  }
  const pdf::CrossReference& found = walked.value();
  require(!found.sections().empty() && !found.revisions().empty(),
          "there is a section, and a revision");
  require(found.end() <= size && found.base() <= found.header(), "the document is inside the file");
  require(found.revisions().back().end == found.end(), "the last revision is the document");
  for (const pdf::Section& section : found.sections())
    require(section.offset < section.end && section.end <= size, "sections are inside the file");
  for (const pdf::Revision& revision : found.revisions())
    require(revision.end <= size && revision.section < found.sections().size(),
            "revisions are inside the file");
  std::uint32_t last = 0;
  for (const pdf::Entry& entry : found.entries()) {
    require(&entry == &found.entries().front() || entry.object > last, "entries are sorted");
    require(found.find(entry.object) == &entry, "entries are found");
    require(entry.kind == pdf::Entry::Kind::free || entry.object < found.next_object(),
            "the next object is new");
    require(entry.kind != pdf::Entry::Kind::plain || entry.where <= size,
            "objects are inside the file");
    last = entry.object;
  }
  if (const auto good = pdf::check_object_streams(window, found); !good)
    require(!good.error().sentence.empty(), "an error is a sentence");
  return 0;
}
