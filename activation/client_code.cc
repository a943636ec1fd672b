#include "activation/client_code.h"

#include <fmt/format.h>

#include <cstdint>
#include <optional>

#include "common/printable.h"
#include "crypto/openssl.h"

namespace signet::activation {

namespace {

constexpr std::string_view kAlphabet = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
constexpr unsigned kBitsOfCharacter = 5;
constexpr std::size_t kChecksum = 3;  // bytes
constexpr std::size_t kGroup = 5;     // characters

bool is_passed_over(char c) {
  return c == ' ' || c == '-' || c == '\t' || c == '\n' || c == '\r';
}

std::optional<unsigned> value_of(char c) {
  if (c >= 'a' && c <= 'z') c = static_cast<char>(c - 'a' + 'A');
  if (c == 'O') c = '0';
  if (c == 'I' || c == 'L') c = '1';
  const std::size_t at = kAlphabet.find(c);
  if (at == std::string_view::npos) return std::nullopt;
  return static_cast<unsigned>(at);
}

Bytes with_checksum(ByteView point) {
  Bytes bytes = copy_of(point);
  const Bytes digest = crypto::sha256(point);
  bytes.insert(bytes.end(), digest.begin(), digest.begin() + kChecksum);
  return bytes;
}

}  // namespace

std::string client_code(ByteView point) {
  std::string code;
  std::uint32_t held = 0;  // bits that have no character yet
  unsigned count = 0;
  for (const std::uint8_t byte : with_checksum(point)) {
    held = (held << 8) | byte;
    count += 8;
    while (count >= kBitsOfCharacter) {
      count -= kBitsOfCharacter;
      code += kAlphabet[(held >> count) & 31U];
    }
    held &= (1U << count) - 1;
  }
  if (count > 0) code += kAlphabet[(held << (kBitsOfCharacter - count)) & 31U];
  return code;
}

std::string grouped_client_code(ByteView point) {
  const std::string code = client_code(point);
  std::string text;
  for (std::size_t at = 0; at < code.size(); at += kGroup) {
    if (at > 0) text += '-';
    text += code.substr(at, kGroup);
  }
  return text;
}

Result<Bytes, std::string> point_of_client_code(std::string_view text) {
  Bytes bytes;
  std::size_t characters = 0;
  std::uint32_t held = 0;
  unsigned count = 0;
  for (const char c : text) {
    if (is_passed_over(c)) continue;
    const auto value = value_of(c);
    if (!value) {
      return fmt::format(
          "a client code has no \"{}\" (its character {}): only digits and letters without U",
          printable(std::string_view(&c, 1)), characters + 1);
    }
    ++characters;
    held = (held << kBitsOfCharacter) | *value;
    count += kBitsOfCharacter;
    if (count < 8) continue;
    count -= 8;
    bytes.push_back(static_cast<std::uint8_t>(held >> count));
    held &= (1U << count) - 1;
  }
  if (characters != kCodeCharacters) {
    return fmt::format("a client code has {} characters, and this one {}", kCodeCharacters,
                       characters);
  }
  const ByteView point = ByteView(bytes).first(kCompressedPoint);
  if (held != 0 || !equal(bytes, with_checksum(point))) {
    return std::string(
        "the client code's check does not fit: a character is wrong, or two have changed places");
  }
  return copy_of(point);
}

}  // namespace signet::activation
