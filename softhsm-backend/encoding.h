// The small text forms of the wire, and random bytes.
#ifndef SIGNET_SOFTHSM_BACKEND_ENCODING_H_
#define SIGNET_SOFTHSM_BACKEND_ENCODING_H_

#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"
#include "crypto/base64.h"

namespace signet::emulator {

using crypto::from_base64;
using crypto::to_base64;

// RFC 4648 section 6, padding optional, either case.
std::optional<Bytes> from_base32(std::string_view text);

// A random version 4 UUID in lower case.
std::string new_uuid();

// A UUID of any version in lower case, or nothing where the text is not one.
std::optional<std::string> canonical_uuid(std::string_view text);

// Percent-decoding of one path segment or query value; a broken escape gives nothing.
std::optional<std::string> percent_decoded(std::string_view text);

// A decimal number without a sign; nothing where the text is anything else.
std::optional<unsigned> read_unsigned(std::string_view text);

// The media type of a Content-Type, without its parameters, in lower case (RFC 9110, 8.3.1).
std::string media_type(std::string_view content_type);

// Cryptographically strong. Throws std::runtime_error where the system has none.
Bytes random_bytes(std::size_t count);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_ENCODING_H_
