#include "pdf/look/testing/png_chunks.h"

#include <cstdint>
#include <functional>
#include <stdexcept>

namespace signet::pdf::look::testing {

namespace {

constexpr std::size_t kSignature = 8;
constexpr std::size_t kAround = 12;  // a chunk's length, type and checksum

std::size_t big_endian(const Bytes& bytes, std::size_t at) {
  std::size_t number = 0;
  for (std::size_t i = 0; i < 4; ++i) number = (number << 8U) | bytes.at(at + i);
  return number;
}

// CRC-32 as PNG has it.
std::uint32_t checksum(ByteView data) {
  std::uint32_t sum = 0xFFFFFFFFU;
  for (const std::uint8_t byte : data) {
    sum ^= byte;
    for (int i = 0; i < 8; ++i) sum = (sum >> 1U) ^ ((sum & 1U) != 0 ? 0xEDB88320U : 0U);
  }
  return ~sum;
}

// Calls with the place of each whole chunk's type, and the size of its content.
void for_each_chunk(const Bytes& png, const std::function<void(std::size_t, std::size_t)>& use) {
  std::size_t at = kSignature;
  while (at + kAround <= png.size()) {
    const std::size_t size = big_endian(png, at);
    if (size > png.size() - at - kAround) return;
    use(at + 4, size);
    at += kAround + size;
  }
}

}  // namespace

Bytes with_fitting_checksums(Bytes png) {
  Bytes fitting = png;
  for_each_chunk(png, [&](std::size_t type, std::size_t size) {
    const std::uint32_t sum = checksum(ByteView(png).subspan(type, size + 4));
    for (std::size_t i = 0; i < 4; ++i) {
      fitting[type + 4 + size + i] = static_cast<std::uint8_t>(sum >> (8 * (3 - i)));
    }
  });
  return fitting;
}

Bytes with_chunk_byte(Bytes png, const std::string& type, std::size_t offset, std::uint8_t value) {
  std::size_t place = 0;
  for_each_chunk(png, [&](std::size_t at, std::size_t size) {
    if (text_of(ByteView(png).subspan(at, 4)) == type && offset < size) place = at + 4 + offset;
  });
  if (place == 0) throw std::logic_error("no chunk " + type);
  png[place] = value;
  return with_fitting_checksums(std::move(png));
}

}  // namespace signet::pdf::look::testing
