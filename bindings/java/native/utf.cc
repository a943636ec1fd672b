#include "bindings/java/native/utf.h"

#include <cstddef>
#include <cstdint>

namespace signet::java {
namespace {

constexpr char16_t kReplacement = u'\uFFFD';

bool is_high(std::uint32_t unit) {
  return unit >= 0xD800 && unit < 0xDC00;
}
bool is_low(std::uint32_t unit) {
  return unit >= 0xDC00 && unit < 0xE000;
}

void append(std::string& utf8, std::uint32_t point) {
  const auto put = [&](std::uint32_t byte) { utf8.push_back(static_cast<char>(byte)); };
  const auto follow = [&](unsigned shift) { put(0x80U | ((point >> shift) & 0x3FU)); };
  if (point < 0x80) return put(point);
  if (point < 0x800) {
    put(0xC0U | (point >> 6U));
  } else if (point < 0x10000) {
    put(0xE0U | (point >> 12U));
    follow(6);
  } else {
    put(0xF0U | (point >> 18U));
    follow(12);
    follow(6);
  }
  follow(0);
}

struct Read {
  std::uint32_t point;
  std::size_t size;
};

// The character at the front; none where it is not in its shortest form, or not one.
std::optional<Read> read_point(std::string_view utf8) {
  const auto byte = [&](std::size_t at) {
    return static_cast<std::uint32_t>(static_cast<unsigned char>(utf8[at]));
  };
  const std::uint32_t first = byte(0);
  if (first < 0x80) return Read{first, 1};
  if (first < 0xC2 || first > 0xF4) return std::nullopt;
  const std::size_t size = first < 0xE0 ? 2 : (first < 0xF0 ? 3 : 4);
  if (utf8.size() < size) return std::nullopt;
  std::uint32_t point = first & (0x7FU >> size);
  for (std::size_t at = 1; at < size; ++at) {
    if ((byte(at) & 0xC0U) != 0x80) return std::nullopt;
    point = (point << 6U) | (byte(at) & 0x3FU);
  }
  const std::uint32_t least = size == 2 ? 0x80 : (size == 3 ? 0x800 : 0x10000);
  if (point < least || point > 0x10FFFF || is_high(point) || is_low(point)) return std::nullopt;
  return Read{point, size};
}

}  // namespace

std::optional<std::string> utf8_of(std::u16string_view units) {
  std::string utf8;
  utf8.reserve(units.size());
  for (std::size_t at = 0; at < units.size(); ++at) {
    std::uint32_t point = units[at];
    if (point == 0 || is_low(point)) return std::nullopt;
    if (is_high(point)) {
      if (at + 1 == units.size() || !is_low(units[at + 1])) return std::nullopt;
      point = 0x10000 + ((point - 0xD800) << 10U) + (units[++at] - 0xDC00U);
    }
    append(utf8, point);
  }
  return utf8;
}

std::u16string utf16_of(std::string_view utf8) {
  std::u16string units;
  units.reserve(utf8.size());
  while (!utf8.empty()) {
    const std::optional<Read> read = read_point(utf8);
    utf8.remove_prefix(read ? read->size : 1);
    if (!read) {
      units.push_back(kReplacement);
    } else if (read->point < 0x10000) {
      units.push_back(static_cast<char16_t>(read->point));
    } else {
      units.push_back(static_cast<char16_t>(0xD800U + ((read->point - 0x10000) >> 10U)));
      units.push_back(static_cast<char16_t>(0xDC00U + ((read->point - 0x10000) & 0x3FFU)));
    }
  }
  return units;
}

}  // namespace signet::java
