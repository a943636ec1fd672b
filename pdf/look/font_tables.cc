#include "pdf/look/font_tables.h"

#include <algorithm>
#include <cstdint>
#include <string_view>

namespace signet::pdf::look {

namespace {

constexpr std::size_t kDirectory = 12;
constexpr std::size_t kRecord = 16;  // tag, checksum, offset, length
constexpr std::string_view kDrawing[] = {"cmap", "glyf", "loca", "hmtx", "maxp",
                                         "CFF ", "GSUB", "GPOS", "GDEF"};

// High byte first; behind the end of the file are zeros, as the checksum of a table wants it.
std::uint32_t number_at(ByteView bytes, std::size_t at) {
  std::uint32_t number = 0;
  for (std::size_t byte = at; byte < at + 4; ++byte)
    number = number << 8U | (byte < bytes.size() ? bytes[byte] : 0U);
  return number;
}

std::uint32_t checksum(ByteView table) {
  std::uint32_t sum = 0;
  for (std::size_t at = 0; at < table.size(); at += 4) sum += number_at(table, at);
  return sum;
}

}  // namespace

std::string damaged_table(ByteView file) {
  const std::size_t start = text_of(file).starts_with("ttcf") ? number_at(file, 12) : 0;
  const std::size_t tables = number_at(file, start + 4) >> 16U;
  for (std::size_t at = start + kDirectory; at < start + kDirectory + tables * kRecord;
       at += kRecord) {
    if (at + kRecord > file.size()) break;
    const std::string_view tag = text_of(file.subspan(at, 4));
    if (std::ranges::find(kDrawing, tag) == std::end(kDrawing)) continue;
    const std::uint32_t said = number_at(file, at + 4);
    const std::size_t offset = number_at(file, at + 8);
    const std::size_t length = number_at(file, at + 12);
    const bool inside = offset <= file.size() && length <= file.size() - offset;
    if (!inside || (said != 0 && checksum(file.subspan(offset, length)) != said))
      return std::string(tag);
  }
  return {};
}

}  // namespace signet::pdf::look
