// UTF-8 (RFC 3629). By hand: the C library's functions follow the locale of the host, and Boost.JSON keeps its own to
// itself.
#ifndef SIGNET_COMMON_UTF8_H_
#define SIGNET_COMMON_UTF8_H_

#include <cstddef>
#include <string>
#include <string_view>

namespace signet {

struct Utf8Piece {
  std::size_t size = 1;    // bytes of the text that belong together
  char32_t character = 0;  // meaningless where they are not UTF-8
  bool valid = false;
};

// The first character of a text that is not empty. Overlong forms, surrogates and values beyond U+10FFFF are not
// valid; then it is the first byte alone.
Utf8Piece first_piece(std::string_view text);

bool is_utf8(std::string_view text);

// With U+FFFD in place of each byte that belongs to no character.
std::string repaired_utf8(std::string_view text);

}  // namespace signet

#endif  // SIGNET_COMMON_UTF8_H_
