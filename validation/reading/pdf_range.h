// Where things are in a PDF's bytes: the ends of revisions, objects, signature dictionaries. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_PDF_RANGE_H_
#define SIGNET_VALIDATION_READING_PDF_RANGE_H_

#include <cstdint>
#include <optional>
#include <set>

#include "pdf/document.h"

namespace signet::validation {

// Behind the last %%EOF of the file's last MiB and the end of its line; the file's end where there is none.
std::uint64_t end_of_last_update(const pdf::Source& source);

// The revision (an index of revisions()) that ends at this offset; some writers leave out the end of the last line, or add blanks to
// it. The last one ends at the end of the file too.
std::optional<std::size_t> revision_ending_at(const pdf::Document& document, std::uint64_t end);

// Nothing but blanks follow, up to the end of the file.
bool is_blank_behind(const pdf::Document& document, std::uint64_t offset);

// Whether this offset lies in that object, which is an object of its own: behind its begin, with no "endobj" between them. An object
// is looked at for 64 KiB.
bool is_in_object(const pdf::Document& document, std::uint32_t object, std::uint64_t offset);

// How many objects of the file have a /ByteRange and none of these numbers. Of files of at most 64 MiB; larger ones are not looked
// through.
std::size_t count_other_signatures(const pdf::Document& document,
                                   const std::set<std::uint32_t>& known);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_PDF_RANGE_H_
