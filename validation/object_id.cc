#include "validation/object_id.h"

#include <fmt/format.h>

#include <algorithm>

#include "crypto/openssl.h"

namespace signet::validation {

ObjectId ObjectId::of(ByteView bytes) {
  ObjectId id;
  std::ranges::copy(crypto::sha256(bytes), id.digest.begin());
  return id;
}

std::string text_of(const ObjectId& id) {
  return fmt::format("{:02x}", fmt::join(id.digest, ""));
}

}  // namespace signet::validation
