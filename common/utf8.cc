#include "common/utf8.h"

#include <array>

namespace signet {

Utf8Piece first_piece(std::string_view text) {
  const auto byte_at = [&](std::size_t i) { return static_cast<unsigned char>(text[i]); };
  const unsigned char lead = byte_at(0);
  if (lead < 0x80) return {1, lead, true};
  const std::size_t size = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : 2;
  if (lead < 0xC2 || lead > 0xF4 || text.size() < size) return {};
  char32_t character = lead & (0xFFU >> (size + 1));
  for (std::size_t i = 1; i < size; ++i) {
    if ((byte_at(i) & 0xC0U) != 0x80U) return {};
    character = (character << 6U) | (byte_at(i) & 0x3FU);
  }
  constexpr std::array<char32_t, 5> smallest = {0, 0, 0x80, 0x800, 0x10000};
  const bool surrogate = character >= 0xD800 && character <= 0xDFFF;
  if (character < smallest.at(size) || surrogate || character > 0x10FFFF) return {};
  return {size, character, true};
}

bool is_utf8(std::string_view text) {
  while (!text.empty()) {
    const Utf8Piece piece = first_piece(text);
    if (!piece.valid) return false;
    text.remove_prefix(piece.size);
  }
  return true;
}

std::string repaired_utf8(std::string_view text) {
  std::string repaired;
  while (!text.empty()) {
    const Utf8Piece piece = first_piece(text);
    repaired += piece.valid ? text.substr(0, piece.size) : "\xEF\xBF\xBD";
    text.remove_prefix(piece.size);
  }
  return repaired;
}

}  // namespace signet
