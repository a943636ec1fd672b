#include "common/printable.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/utf8.h"

namespace signet {

namespace {

std::string escaped(char32_t character) {
  if (character == '\n') return "\\n";
  if (character == '\r') return "\\r";
  if (character == '\t') return "\\t";
  const auto number = static_cast<unsigned>(character);
  return number < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
}

// How many bytes at the end of the text may be the beginning of a character.
std::size_t unfinished(std::string_view text) {
  constexpr std::size_t most = 3;
  for (std::size_t size = 1; size <= std::min(most, text.size()); ++size) {
    const auto byte = static_cast<unsigned char>(text[text.size() - size]);
    if ((byte & 0xC0U) == 0x80U) continue;
    const std::size_t wanted = byte >= 0xF0 ? 4 : byte >= 0xE0 ? 3 : byte >= 0xC2 ? 2 : 1;
    return wanted > size ? size : 0;
  }
  return 0;
}

}  // namespace

bool is_printable(char32_t c) {
  const bool control = c < 0x20 || (c >= 0x7F && c <= 0x9F);
  const bool direction = c == 0x061C || c == 0x200E || c == 0x200F ||
                         (c >= 0x2028 && c <= 0x202E) || (c >= 0x2066 && c <= 0x2069);
  return !control && !direction;
}

std::string printable(std::string_view text) {
  std::string shown;
  while (!text.empty()) {
    const Utf8Piece piece = first_piece(text);
    if (!piece.valid) {
      shown += fmt::format("\\x{:02x}", static_cast<unsigned char>(text.front()));
    } else if (is_printable(piece.character)) {
      shown += text.substr(0, piece.size);
    } else {
      shown += escaped(piece.character);
    }
    text.remove_prefix(piece.size);
  }
  return shown;
}

std::streamsize PrintableBuffer::xsputn(const char* text, std::streamsize size) {
  rest_.append(text, static_cast<std::size_t>(size));
  hand_on(rest_.size() - unfinished(rest_));
  return to_ ? size : 0;
}

PrintableBuffer::int_type PrintableBuffer::overflow(int_type character) {
  if (traits_type::eq_int_type(character, traits_type::eof())) return sync();
  const char one = traits_type::to_char_type(character);
  return xsputn(&one, 1) == 1 ? character : traits_type::eof();
}

int PrintableBuffer::sync() {
  hand_on(rest_.size());
  to_.flush();
  return to_ ? 0 : -1;
}

void PrintableBuffer::hand_on(std::size_t size) {
  std::string_view text = std::string_view(rest_).substr(0, size);
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    to_ << printable(text.substr(0, end));
    if (end < text.size()) to_ << '\n';
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  rest_.erase(0, size);
}

}  // namespace signet
