#include "crypto/base64.h"

#include <array>

namespace signet::crypto {

namespace {

constexpr std::string_view kAlphabet =
    "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
constexpr std::uint8_t kForeign = 0xFF;

constexpr std::array<std::uint8_t, 256> make_values() {
  std::array<std::uint8_t, 256> values{};
  values.fill(kForeign);
  for (std::size_t i = 0; i < kAlphabet.size(); ++i) {
    values[static_cast<std::uint8_t>(kAlphabet[i])] = static_cast<std::uint8_t>(i);
  }
  return values;
}

constexpr auto kValues = make_values();

char digit(std::uint32_t group, unsigned shift) {
  return kAlphabet[(group >> shift) & 0x3FU];
}

}  // namespace

void write_base64(ByteView bytes, char* out) {
  std::size_t at = 0;
  for (; at + 3 <= bytes.size(); at += 3) {
    const std::uint32_t group = static_cast<std::uint32_t>(bytes[at]) << 16U |
                                static_cast<std::uint32_t>(bytes[at + 1]) << 8U | bytes[at + 2];
    *out++ = digit(group, 18);
    *out++ = digit(group, 12);
    *out++ = digit(group, 6);
    *out++ = digit(group, 0);
  }
  if (at == bytes.size()) return;
  const bool two = at + 2 == bytes.size();
  const std::uint32_t group = static_cast<std::uint32_t>(bytes[at]) << 16U |
                              (two ? static_cast<std::uint32_t>(bytes[at + 1]) << 8U : 0U);
  *out++ = digit(group, 18);
  *out++ = digit(group, 12);
  *out++ = two ? digit(group, 6) : '=';
  *out = '=';
}

std::string to_base64(ByteView bytes) {
  std::string text(base64_size(bytes.size()), '\0');
  write_base64(bytes, text.data());
  return text;
}

std::optional<Bytes> from_base64(std::string_view text) {
  if (text.size() % 4 != 0) return std::nullopt;
  std::size_t digits = text.size();
  if (text.ends_with("==")) {
    digits -= 2;
  } else if (text.ends_with('=')) {
    digits -= 1;
  }
  Bytes bytes;
  bytes.reserve(digits * 3 / 4);
  std::uint32_t buffer = 0;
  unsigned bits = 0;
  for (std::size_t i = 0; i < digits; ++i) {
    const std::uint8_t value = kValues[static_cast<std::uint8_t>(text[i])];
    if (value == kForeign) return std::nullopt;
    buffer = (buffer << 6U | value) & 0x3FFFU;
    bits += 6;
    if (bits < 8) continue;
    bits -= 8;
    bytes.push_back(static_cast<std::uint8_t>(buffer >> bits));
  }
  const bool stray_bits = (buffer & ((1U << bits) - 1U)) != 0;
  if (stray_bits) return std::nullopt;
  return bytes;
}

}  // namespace signet::crypto
