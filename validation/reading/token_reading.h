// A time-stamp token (RFC 3161, 2.4.2), judged in nothing. For this component's readers alone.
#ifndef SIGNET_VALIDATION_READING_TOKEN_READING_H_
#define SIGNET_VALIDATION_READING_TOKEN_READING_H_

#include <optional>

#include "common/bytes.h"
#include "validation/document.h"
#include "validation/reading/collector.h"

namespace signet::validation {

struct TokenReading {
  TimeStampPart part;  // without `imprint_matches` and `covered`
  Objects objects;     // what it holds: certificates, revocation data
};

// A ContentInfo, DER or BER, and nothing behind it. What cannot be read is its signer's fault.
TokenReading read_token(ByteView der, TimeStampKind kind, Collector& collector);

// The imprint's hash alone: of what the token stands over, this has to be computed. none: one that is not known here, or there is no
// token.
crypto::Hash imprint_hash_of(ByteView der);

// Puts the token and what it holds into what another time-stamp covers.
void cover(const TokenReading& token, Objects& objects);

// Whether the imprint is that of these bytes; nothing where its hash cannot be computed.
std::optional<bool> imprint_is_of(const TimeStampPart& token, ByteView bytes);
// Likewise of a digest by the imprint's hash; empty: not known.
std::optional<bool> imprint_is(const TimeStampPart& token, ByteView digest);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_READING_TOKEN_READING_H_
