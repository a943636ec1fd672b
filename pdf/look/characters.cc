#include "pdf/look/characters.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/printable.h"
#include "common/utf8.h"

namespace signet::pdf::look {

namespace {

struct Range {
  std::uint32_t first;
  std::uint32_t last;
};

constexpr std::array<Range, 16> kIgnorable = {{
    {0x00AD, 0x00AD},
    {0x034F, 0x034F},
    {0x061C, 0x061C},
    {0x115F, 0x1160},
    {0x17B4, 0x17B5},
    {0x180B, 0x180F},
    {0x200B, 0x200F},
    {0x202A, 0x202E},
    {0x2060, 0x206F},
    {0x3164, 0x3164},
    {0xFE00, 0xFE0F},
    {0xFEFF, 0xFEFF},
    {0xFFA0, 0xFFA0},
    {0xFFF0, 0xFFF8},
    {0x1D173, 0x1D17A},
    {0xE0000, 0xE0FFF},
}};

void append_utf8(std::string& text, std::uint32_t c) {
  const auto put = [&](std::uint32_t byte) { text += static_cast<char>(byte); };
  if (c < 0x80) return put(c);
  if (c < 0x800) {
    put(0xC0U | (c >> 6U));
  } else if (c < 0x10000) {
    put(0xE0U | (c >> 12U));
    put(0x80U | ((c >> 6U) & 0x3FU));
  } else {
    put(0xF0U | (c >> 18U));
    put(0x80U | ((c >> 12U) & 0x3FU));
    put(0x80U | ((c >> 6U) & 0x3FU));
  }
  put(0x80U | (c & 0x3FU));
}

void append_utf16(std::string& text, std::uint32_t unit) {
  text += static_cast<char>(unit >> 8U);
  text += static_cast<char>(unit & 0xFFU);
}

}  // namespace

Characters characters_of(std::string_view text) {
  Characters characters;
  characters.reserve(text.size());
  while (!text.empty()) {
    const Utf8Piece piece = first_piece(text);
    const char32_t character = piece.valid ? piece.character : U'\uFFFD';
    characters.push_back(character == U'\t' ? U' ' : character);
    text.remove_prefix(piece.size);
  }
  return characters;
}

bool is_ignorable(std::uint32_t character) {
  return std::any_of(kIgnorable.begin(), kIgnorable.end(), [&](const Range& range) {
    return character >= range.first && character <= range.last;
  });
}

std::string utf16_of(CharacterView text) {
  std::string units;
  for (const std::uint32_t c : text) {
    if (c < 0x10000) {
      append_utf16(units, c);
    } else {
      append_utf16(units, 0xD800U + ((c - 0x10000U) >> 10U));
      append_utf16(units, 0xDC00U + ((c - 0x10000U) & 0x3FFU));
    }
  }
  return units;
}

std::string described(std::uint32_t character) {
  std::string itself;
  append_utf8(itself, character);
  return fmt::format("U+{:04X} ({})", character, printable(itself));
}

}  // namespace signet::pdf::look
