#include "dsa-transport/native/json_writer.h"

#include <array>
#include <charconv>
#include <utility>

#include "crypto/base64.h"

namespace signet::transport::native {

namespace {

// Bytes of the UTF-8 character that begins with `lead`, 0 for a byte that cannot begin one.
std::size_t length_of(std::uint8_t lead) {
  if (lead < 0x80) return 1;
  if (lead >= 0xC2 && lead < 0xE0) return 2;
  if (lead >= 0xE0 && lead < 0xF0) return 3;
  if (lead >= 0xF0 && lead < 0xF5) return 4;
  return 0;
}

// The second byte rules out overlong forms, surrogates and what lies beyond U+10FFFF.
bool second_fits(std::uint8_t lead, std::uint8_t second) {
  switch (lead) {
    case 0xE0:
      return second >= 0xA0;
    case 0xED:
      return second < 0xA0;
    case 0xF0:
      return second >= 0x90;
    case 0xF4:
      return second < 0x90;
    default:
      return true;
  }
}

}  // namespace

void JsonWriter::begin_member(std::string_view name) {
  if (text_.size() > 1) text_.push_back(',');
  quoted(name);
  text_.push_back(':');
}

void JsonWriter::quoted(std::string_view value) {
  constexpr std::string_view digits = "0123456789abcdef";
  text_.push_back('"');
  for (const char c : value) {
    const auto code = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      text_.push_back('\\');
      text_.push_back(c);
    } else if (code < 0x20) {
      append(text_, "\\u00");
      text_.push_back(digits[code >> 4U]);
      text_.push_back(digits[code & 0x0FU]);
    } else {
      text_.push_back(c);
    }
  }
  text_.push_back('"');
}

void JsonWriter::quoted_base64(ByteView value) {
  text_.push_back('"');
  const std::size_t at = text_.size();
  text_.resize(at + crypto::base64_size(value.size()));
  crypto::write_base64(value, text_.data() + at);
  text_.push_back('"');
}

JsonWriter& JsonWriter::text(std::string_view name, std::string_view value) {
  begin_member(name);
  quoted(value);
  return *this;
}

JsonWriter& JsonWriter::number(std::string_view name, std::uint64_t value) {
  begin_member(name);
  std::array<char, 20> digits{};
  const auto end = std::to_chars(digits.begin(), digits.end(), value).ptr;
  append(text_, {digits.data(), static_cast<std::size_t>(end - digits.data())});
  return *this;
}

JsonWriter& JsonWriter::base64(std::string_view name, ByteView value) {
  begin_member(name);
  quoted_base64(value);
  return *this;
}

JsonWriter& JsonWriter::base64_list(std::string_view name, const std::vector<Bytes>& values) {
  begin_member(name);
  text_.push_back('[');
  bool first = true;
  for (const Bytes& value : values) {
    if (!std::exchange(first, false)) text_.push_back(',');
    quoted_base64(value);
  }
  text_.push_back(']');
  return *this;
}

WipedText JsonWriter::finish() {
  text_.push_back('}');
  return std::exchange(text_, {});
}

bool is_utf8(std::string_view text) {
  for (std::size_t at = 0; at < text.size();) {
    const auto lead = static_cast<std::uint8_t>(text[at]);
    const std::size_t length = length_of(lead);
    if (length == 0 || at + length > text.size()) return false;
    for (std::size_t i = 1; i < length; ++i) {
      const auto next = static_cast<std::uint8_t>(text[at + i]);
      if ((next & 0xC0U) != 0x80U || (i == 1 && !second_fits(lead, next))) return false;
    }
    at += length;
  }
  return true;
}

}  // namespace signet::transport::native
