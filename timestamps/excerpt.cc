#include "timestamps/excerpt.h"

#include "common/printable.h"

namespace signet::timestamps {

namespace {

constexpr std::size_t kLongest = 200;

// Whether a byte goes on with a character of UTF-8.
bool goes_on(char byte) {
  return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U;
}

}  // namespace

std::string excerpt(std::string_view text) {
  if (text.size() <= kLongest) return printable(text);
  std::size_t end = kLongest;
  // At most three: what is not UTF-8 has no characters to keep whole.
  while (end > kLongest - 3 && goes_on(text[end])) --end;
  return printable(text.substr(0, end)) + "...";
}

}  // namespace signet::timestamps
