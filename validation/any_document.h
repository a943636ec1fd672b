// A sealed document of whatever kind, as a caller has it: a PDF or one of its revisions, a message with or without its document.
#ifndef SIGNET_VALIDATION_ANY_DOCUMENT_H_
#define SIGNET_VALIDATION_ANY_DOCUMENT_H_

#include <cstddef>
#include <cstdint>
#include <functional>
#include <string_view>

#include "validation/reading.h"

namespace signet::validation {

struct DocumentChoice {
  std::string_view password;  // of an encrypted PDF
  std::size_t revision = 0;   // of a PDF, counted from 1; 0: the whole document
};

// `data`: what an external seal or a token is over; null: nothing is named. ReadFault::choice where it is named beside a document that
// is whole, or where there is no such revision.
Result<DocumentParts, ReadingError> read_document(const cms::Source& document,
                                                  const cms::Source* data,
                                                  const DocumentChoice& choice,
                                                  const Progress& progress = {});

// Bytes of a PDF up to the end of that revision, counted from 1.
Result<std::uint64_t, ReadingError> end_of_revision(const cms::Source& document,
                                                    std::string_view password,
                                                    std::size_t revision);

// Calls `take` with the document that a message holds, piece by piece. Whether it is the one that `judged` is over. ReadFault::choice
// where it holds none; cancelled where `take` says false.
Result<bool, ReadingError> read_content(const cms::Source& message, const SignerPart& judged,
                                        const std::function<bool(ByteView)>& take);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_ANY_DOCUMENT_H_
