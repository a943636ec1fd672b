// The objects of a document whose cross-references cannot be used, found by reading the file from front to back. For
// repair.cc alone.
//
// Streams are passed over by their /Length, so that nothing in them is taken for an object; where that is an object itself, by
// looking for "endstream", and the length is compared afterwards.
#ifndef SIGNET_PDF_OBJECT_SCAN_H_
#define SIGNET_PDF_OBJECT_SCAN_H_

#include <cstdint>
#include <map>
#include <optional>
#include <vector>

#include "pdf/error.h"
#include "pdf/source.h"

namespace signet::pdf {

inline constexpr std::size_t kMostFoundObjects = 1'000'000;

struct FoundObject {
  std::uint32_t number = 0;
  std::uint32_t generation = 0;
  std::uint64_t offset = 0;  // from the file's start
  bool catalog = false;
  bool signature = false;  // it has a /ByteRange
  bool keys = false;       // it looks like an encryption dictionary
};

// From '<<' to behind '>>', of a trailer or a cross-reference stream.
struct FoundTrailer {
  std::uint64_t begin = 0;
  std::uint64_t end = 0;
};

struct FoundStream {
  std::uint64_t data = 0;
  std::uint64_t end = 0;  // of the data; at most an end of line behind it
  // Of an object stream (7.5.7); 0: it is none.
  std::uint64_t objects = 0;  // /N
  std::uint64_t first = 0;    // /First
  bool compressed = false;
  bool supported = false;  // without a filter, or with Flate alone
};

struct Scan {
  std::uint64_t header = 0;  // offset of %PDF-
  std::uint32_t highest = 0;
  std::vector<FoundObject>
      objects;  // the last one of each number; sorted; without cross-reference streams
  std::vector<FoundTrailer> trailers;                   // in the order of the file
  std::map<std::uint32_t, FoundStream> object_streams;  // by number
};

// Broken where an object has no end (the document was cut there), where a stream's length is wrong, or where there are more
// than a million objects.
PdfResult<Scan> scan_objects(Window& window);

}  // namespace signet::pdf

#endif  // SIGNET_PDF_OBJECT_SCAN_H_
