// Messages in their wrappings: PEM, and a token in a time-stamp authority's answer. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_KIND_H_
#define SIGNET_VALIDATION_READING_KIND_H_

#include <optional>

#include "common/bytes.h"
#include "crypto/cms/reader.h"

namespace signet::validation {

// Text that begins with "-----BEGIN".
bool is_pem(const cms::Source& source);

// What is in the first block (RFC 7468) of a text of at most 64 MiB; nothing where there is none.
std::optional<Bytes> from_pem(const cms::Source& source);

// The token of a TimeStampResp (RFC 3161, 2.4.2) of at most 1 MiB; nothing where it is none, or has none.
std::optional<Bytes> token_of_answer(const cms::Source& source);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_KIND_H_
