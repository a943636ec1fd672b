// Takes documents apart: PDF, CMS messages with and without their content, time-stamp tokens.
#ifndef SIGNET_VALIDATION_READING_H_
#define SIGNET_VALIDATION_READING_H_

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "common/result.h"
#include "crypto/cms/reader.h"
#include "pdf/source.h"
#include "validation/document.h"

namespace signet::validation {

enum class ReadFault : std::uint8_t {
  unreadable,  // the file gives no bytes, or a part of it does not: nothing is judged that was read in part
  not_sealed,  // it is none of what can be validated
  broken,      // it is, but cannot be read
  password,    // an encrypted PDF whose password is missing or wrong
  cancelled,
  choice,  // what was named beside it, or of it, contradicts it (any_document.h)
};

struct ReadingError {
  ReadFault fault = ReadFault::broken;
  std::string sentence;  // what is wrong, and what to do next; printable
};

// Told between pieces of at most 1 MiB: bytes done, bytes in all. False: give up.
using Progress = std::function<bool(std::uint64_t done, std::uint64_t all)>;

// Each signature's bytes are digested once, with the hashes of all signatures in one pass over the file.
Result<DocumentParts, ReadingError> read_pdf(const pdf::Source& source, std::string_view password,
                                             const Progress& progress = {});

// `message`: DER or BER, of any size. `document`: what an external message is over; null where it holds its own,
// or is not there: then each signer's content_missing is set.
// A token (content type TSTInfo) becomes one time-stamp of kind `alone`.
Result<DocumentParts, ReadingError> read_message(const cms::Source& message,
                                                 const cms::Source* document,
                                                 const Progress& progress = {});

// What it is by its first bytes, PEM too.
enum class FileKind : std::uint8_t { pdf, message, unknown };
FileKind kind_of(const cms::Source& source);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_H_
