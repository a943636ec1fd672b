// For tests: a text that would move a terminal's cursor, and the check that a command's output would not.
#ifndef SIGNET_COMMON_TESTING_HOSTILE_TEXT_H_
#define SIGNET_COMMON_TESTING_HOSTILE_TEXT_H_

#include <string>
#include <string_view>

#include "common/printable.h"
#include "common/utf8.h"

namespace signet {

// An escape sequence, DEL, a character of C1, five that set the direction of writing, a line separator, and a line end
// with what should not begin a line.
inline const std::string kHostileText =
    "h\x1b[31m\x7f\xc2\x9b\xe2\x80\xae\xd8\x9c\xe2\x80\x8e\xe2\x81\xa6\xe2\x80\xa8\nforged";
// It, and a byte that is not UTF-8.
inline const std::string kHostileBytes = kHostileText + "\xff";

// Whether the output is UTF-8 with line ends as its only control characters, and no line of it is kHostileText's.
inline bool is_fit_for_a_terminal(std::string_view output) {
  if (output.starts_with("forged") || output.find("\nforged") != std::string_view::npos)
    return false;
  while (!output.empty()) {
    const Utf8Piece piece = first_piece(output);
    if (!piece.valid || (piece.character != '\n' && !is_printable(piece.character))) return false;
    output.remove_prefix(piece.size);
  }
  return true;
}

}  // namespace signet

#endif  // SIGNET_COMMON_TESTING_HOSTILE_TEXT_H_
