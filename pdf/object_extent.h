// Where an object of an object stream ends (ISO 32000-2, 7.5.7): qpdf reads each from where the stream's header says that it
// begins up to its own end. Where several begin in one place, or inside one another, a short text becomes many objects. For
// this component alone.
#ifndef SIGNET_PDF_OBJECT_EXTENT_H_
#define SIGNET_PDF_OBJECT_EXTENT_H_

#include <cstddef>

#include "common/bytes.h"

namespace signet::pdf {

// Behind the object that begins at `begin`, blanks in front of it included; the end of `text` where it does not end, or is
// not written as 7.3 has it: nothing says then how far a reader goes.
std::size_t end_of_object(ByteView text, std::size_t begin);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_OBJECT_EXTENT_H_
