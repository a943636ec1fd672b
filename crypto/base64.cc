#include "crypto/base64.h"

#include <openssl/evp.h>

#include <climits>

#include "common/wiped_text.h"

namespace signet::crypto {

void write_base64(ByteView bytes, char* out) {
  EVP_EncodeBlock(reinterpret_cast<unsigned char*>(out), bytes.data(),
                  static_cast<int>(bytes.size()));
}

std::string to_base64(ByteView bytes) {
  std::string text(base64_size(bytes.size()), '\0');
  write_base64(bytes, text.data());
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0 || text.size() > INT_MAX) return std::nullopt;
  Bytes bytes(text.size() / 4 * 3);
  const auto* const from = reinterpret_cast<const unsigned char*>(text.data());
  if (EVP_DecodeBlock(bytes.data(), from, static_cast<int>(text.size())) < 0) return std::nullopt;
  bytes.resize(bytes.size() - (text.ends_with("==") ? 2 : text.ends_with('=') ? 1 : 0));
  // OpenSSL skips white space and does not look at padding and stray bits.
  WipedText again(base64_size(bytes.size()) + 1);
  write_base64(bytes, again.data());
  again.pop_back();
  if (text_of(again) != text) return std::nullopt;
  return bytes;
}

}  // namespace signet::crypto
