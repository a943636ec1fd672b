// A PNG file's chunks: length, type, content, checksum.
#ifndef SIGNET_PDF_LOOK_TESTING_PNG_CHUNKS_H_
#define SIGNET_PDF_LOOK_TESTING_PNG_CHUNKS_H_

#include <string>

#include "common/bytes.h"

namespace signet::pdf::look::testing {

// With the checksum of each chunk that is there as a whole.
Bytes with_fitting_checksums(Bytes png);

// One byte of a chunk's content is changed; all checksums fit. Throws where there is no such chunk.
Bytes with_chunk_byte(Bytes png, const std::string& type, std::size_t offset, std::uint8_t value);

}  // namespace signet::pdf::look::testing

#endif  // SIGNET_PDF_LOOK_TESTING_PNG_CHUNKS_H_
