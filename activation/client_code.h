// The client code: the public half of an installation key as people read it aloud, type it and scan it.
//
// The compressed point on P-256 (33 bytes) and the first 3 bytes of its SHA-256 in Crockford's base32: 58 characters, of
// which the last has two bits of zeros.
#ifndef SIGNET_ACTIVATION_CLIENT_CODE_H_
#define SIGNET_ACTIVATION_CLIENT_CODE_H_

#include <string>
#include <string_view>

#include "common/bytes.h"
#include "common/result.h"

namespace signet::activation {

inline constexpr std::size_t kCompressedPoint = 33;  // bytes
inline constexpr std::size_t kCodeCharacters = 58;

// Without groups: as a QR code has it. `point`: compressed.
std::string client_code(ByteView point);

// In groups of five with hyphens between them.
std::string grouped_client_code(ByteView point);

// The compressed point. Case, blanks, line ends and hyphens do not matter, and O is read as 0, I and L as 1. The error is a
// sentence that says what is wrong. That the point is on the curve is not looked at.
Result<Bytes, std::string> point_of_client_code(std::string_view text);

}  // namespace signet::activation

#endif  // SIGNET_ACTIVATION_CLIENT_CODE_H_
