#include "pdf/look/testing/font_file.h"

#include <algorithm>
#include <utility>

#include "common/bounded_file.h"

namespace signet::pdf::look::testing {

namespace {

// OpenType: a table's record is its name, checksum, offset and length, 4 bytes each, after 12 bytes.
constexpr std::size_t kDirectory = 12;
constexpr std::size_t kRecord = 16;

std::size_t number_at(const Bytes& file, std::size_t at, std::size_t size) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < size; ++i) number = (number << 8U) | file.at(at + i);
  return number;
}

std::size_t record_of(const Bytes& file, const std::string& tag) {
  const std::size_t count = number_at(file, 4, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = kDirectory + i * kRecord;
    if (text_of(ByteView(file).subspan(at, 4)) == tag) return at;
  }
  return 0;
}

}  // namespace

const std::shared_ptr<const Font>& default_font() {
  static const std::shared_ptr<const Font> kFont = Font::open(Font::kDefaultFile).value();
  return kFont;
}

Bytes default_font_file() {
  return read_file(Font::kDefaultFile, Font::kMostBytes).value();
}

Bytes with_number(Bytes file, const std::string& tag, std::size_t offset, unsigned number) {
  const std::size_t at = number_at(file, record_of(file, tag) + 8, 4) + offset;
  file.at(at) = static_cast<std::uint8_t>(number >> 8U);
  file.at(at + 1) = static_cast<std::uint8_t>(number & 0xFFU);
  return file;
}

Bytes with_licence_bits(Bytes file, unsigned bits) {
  constexpr std::size_t fs_type = 8;
  return with_number(std::move(file), "OS/2", fs_type, bits);
}

Bytes with_checksums(Bytes file) {
  const std::size_t count = number_at(file, 4, 2);
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t record = kDirectory + i * kRecord;
    if (record + kRecord > file.size()) break;
    const std::size_t begin = number_at(file, record + 8, 4);
    const std::size_t length = number_at(file, record + 12, 4);
    if (begin > file.size() || length > file.size() - begin) continue;
    std::size_t sum = 0;
    for (std::size_t at = 0; at < length; ++at)
      sum += std::size_t{file[begin + at]} << (8 * (3 - at % 4));
    for (std::size_t byte = 0; byte < 4; ++byte)
      file[record + 4 + byte] = static_cast<std::uint8_t>(sum >> (8 * (3 - byte)) & 0xFFU);
  }
  return file;
}

Bytes without_tables(Bytes file, const std::vector<std::string>& tags) {
  for (const std::string& tag : tags) {
    if (const std::size_t at = record_of(file, tag); at > 0) {
      std::fill_n(file.begin() + static_cast<std::ptrdiff_t>(at), 4, std::uint8_t{'z'});
    }
  }
  return file;
}

}  // namespace signet::pdf::look::testing
