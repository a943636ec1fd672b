// What a certificate, revocation data, a time-stamp or a signature is told by: the SHA-256 of its bytes. A signature's are those
// of its signature value, since that is what a time-stamp proves.
#ifndef SIGNET_VALIDATION_OBJECT_ID_H_
#define SIGNET_VALIDATION_OBJECT_ID_H_

#include <array>
#include <compare>
#include <cstdint>
#include <string>

#include "common/bytes.h"

namespace signet::validation {

struct ObjectId {
  std::array<std::uint8_t, 32> digest{};

  static ObjectId of(ByteView bytes);

  auto operator<=>(const ObjectId&) const = default;
};

// Lower-case hexadecimal.
std::string text_of(const ObjectId& id);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_OBJECT_ID_H_
