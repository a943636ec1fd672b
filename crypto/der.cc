#include "crypto/der.h"

#include <algorithm>

namespace signet::der {

namespace {

struct Header {
  std::size_t size;     // of tag and length
  std::size_t content;  // bytes that follow
};

std::optional<Header> read_header(ByteView der) {
  if (der.size() < 2) return std::nullopt;
  const std::uint8_t first = der[1];
  if (first < 0x80) return Header{2, first};
  const std::size_t digits = first & 0x7FU;
  constexpr std::size_t most_digits = 4;  // nothing of ours is over 4 GiB
  if (digits == 0 || digits > most_digits || der.size() < 2 + digits) return std::nullopt;
  std::size_t length = 0;
  for (std::size_t i = 0; i < digits; ++i) length = (length << 8U) | der[2 + i];
  const bool shortest = der[2] != 0 && length >= 0x80;
  if (!shortest) return std::nullopt;
  return Header{2 + digits, length};
}

constexpr std::size_t kMostHeader = 10;  // tag, number of digits, digits of 64 bits

void append_header(Bytes& der, std::uint8_t tag, std::uint64_t length) {
  der.push_back(tag);
  if (length < 0x80) {
    der.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  unsigned digits = 0;
  for (std::uint64_t left = length; left > 0; left >>= 8U) ++digits;
  der.push_back(static_cast<std::uint8_t>(0x80U | digits));
  for (unsigned i = digits; i > 0; --i)
    der.push_back(static_cast<std::uint8_t>((length >> (8U * (i - 1))) & 0xFFU));
}

void append_positive(Bytes& der, ByteView number) {
  while (number.size() > 1 && number[0] == 0) number = number.subspan(1);  // zero has one byte, too
  const bool needs_zero = !number.empty() && (number[0] & 0x80U) != 0;
  append_header(der, kInteger, number.size() + (needs_zero ? 1 : 0));
  if (needs_zero) der.push_back(0);
  append(der, number);
}

}  // namespace

std::optional<ByteView> Reader::read_whole(std::uint8_t tag) {
  if (!next_is(tag)) return std::nullopt;
  const auto header = read_header(rest_);
  if (!header || header->content > rest_.size() - header->size) return std::nullopt;
  const ByteView whole = rest_.first(header->size + header->content);
  rest_ = rest_.subspan(whole.size());
  return whole;
}

std::optional<ByteView> Reader::read(std::uint8_t tag) {
  const ByteView before = rest_;
  if (!read_whole(tag)) return std::nullopt;
  const auto header = read_header(before);
  if (!header) return std::nullopt;
  return before.subspan(header->size, header->content);
}

std::optional<ByteView> Reader::read_positive() {
  const ByteView before = rest_;
  const auto content = read(kInteger);
  const auto refuse = [&] {
    rest_ = before;
    return std::nullopt;
  };
  if (!content || content->empty()) return refuse();
  if ((*content)[0] != 0) {
    if (((*content)[0] & 0x80U) != 0) return refuse();
    return content;
  }
  const bool zero_is_needed = content->size() > 1 && ((*content)[1] & 0x80U) != 0;
  if (!zero_is_needed) return refuse();
  return content->subspan(1);
}

std::optional<ByteView> only(std::uint8_t tag, ByteView der) {
  Reader reader(der);
  const auto content = reader.read(tag);
  if (!reader.at_end()) return std::nullopt;
  return content;
}

Bytes encode_header(std::uint8_t tag, std::uint64_t length) {
  Bytes header;
  append_header(header, tag, length);
  return header;
}

Bytes encode(std::uint8_t tag, ByteView content) {
  Bytes der;
  der.reserve(kMostHeader + content.size());
  append_header(der, tag, content.size());
  append(der, content);
  return der;
}

Bytes encode_sequence(const std::vector<Bytes>& elements) {
  Bytes content;
  for (const Bytes& element : elements) append(content, element);
  return encode(kSequence, content);
}

Bytes sorted(std::vector<Bytes> elements) {
  std::sort(elements.begin(), elements.end());
  Bytes content;
  for (const Bytes& element : elements) append(content, element);
  return content;
}

Bytes encode_positive(ByteView number) {
  Bytes der;
  append_positive(der, number);
  return der;
}

Bytes concat(ByteView a, ByteView b) {
  Bytes whole(a.begin(), a.end());
  append(whole, b);
  return whole;
}

void append(Bytes& der, ByteView more) {
  der.insert(der.end(), more.begin(), more.end());
}

// Every verification makes one, so it takes few blocks of memory.
Bytes encode_ecdsa(ByteView r_and_s) {
  const std::size_t half = r_and_s.size() / 2;
  Bytes numbers;
  numbers.reserve(2 * (kMostHeader + 1 + half));
  append_positive(numbers, r_and_s.first(half));
  append_positive(numbers, r_and_s.subspan(half));
  return encode(kSequence, numbers);
}

}  // namespace signet::der
