// Base64 as RFC 4648 section 4 writes it: padded, no line ends, no other alphabet.
#ifndef SIGNET_CRYPTO_BASE64_H_
#define SIGNET_CRYPTO_BASE64_H_

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

#include "common/bytes.h"

namespace signet::crypto {

// Characters that `size` bytes take.
constexpr std::size_t base64_size(std::size_t size) {
  return (size + 2) / 3 * 4;
}

std::string to_base64(ByteView bytes);

// Writes base64_size(bytes.size()) characters and a NUL to `out`; for text in memory that is wiped later.
void write_base64(ByteView bytes, char* out);

// Strict: foreign characters, missing padding and stray bits behind the last byte give nothing.
std::optional<Bytes> from_base64(std::string_view text);

}  // namespace signet::crypto

#endif  // SIGNET_CRYPTO_BASE64_H_
