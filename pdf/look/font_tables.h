// Whether the tables of a font are what its maker wrote. A damaged one draws other glyphs, which nobody else notices: HarfBuzz
// and FreeType look at their form alone.
#ifndef SIGNET_PDF_LOOK_FONT_TABLES_H_
#define SIGNET_PDF_LOOK_FONT_TABLES_H_

#include <string>

#include "common/bytes.h"

namespace signet::pdf::look {

// The tag ("glyf") of a table that decides what is drawn and that lies outside the file or has another checksum than its
// directory says; empty: there is none. A checksum of 0 is taken as none. Of a collection the first font counts (OpenType,
// "Organization of an OpenType Font").
std::string damaged_table(ByteView file);

}  // namespace signet::pdf::look

#endif  // SIGNET_PDF_LOOK_FONT_TABLES_H_
