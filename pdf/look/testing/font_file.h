// Font files for tests: those of Debian's packages, and changed ones.
#ifndef SIGNET_PDF_LOOK_TESTING_FONT_FILE_H_
#define SIGNET_PDF_LOOK_TESTING_FONT_FILE_H_

#include <memory>
#include <string>
#include <vector>

#include "common/bytes.h"
#include "pdf/look/font.h"

namespace signet::pdf::look::testing {

// DejaVu Sans, opened once.
const std::shared_ptr<const Font>& default_font();

Bytes default_font_file();

// The file with OS/2 fsType set to this.
Bytes with_licence_bits(Bytes file, unsigned bits);

// The file with a two-byte number changed at this place of a table.
Bytes with_number(Bytes file, const std::string& tag, std::size_t offset, unsigned number);

// The file with the checksums of its tables as they are now.
Bytes with_checksums(Bytes file);

// The file without these tables ("glyf"): their names in the directory become "zzzz".
Bytes without_tables(Bytes file, const std::vector<std::string>& tags);

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_FONT_FILE_H_
