// PDF's syntax (ISO 32000-2, 7.2 and 7.3) as far as cross-references need it. qpdf reads everything else, but only after the
// cross-reference has been walked with bounds.
#ifndef SIGNET_PDF_LEXER_H_
#define SIGNET_PDF_LEXER_H_

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "pdf/error.h"
#include "pdf/source.h"

namespace signet::pdf {

// What strings and real numbers hold is not kept.
struct Value {
  enum class Kind { integer, reference, name, array, dictionary, other };

  Kind kind = Kind::other;
  std::int64_t number = 0;  // of an integer; a reference's object number
  std::string name;         // without the slash; escapes (#20) stay as they are
  std::vector<Value> items;
  std::map<std::string, Value, std::less<>> entries;

  // Of a dictionary; null where it has no such entry.
  const Value* find(std::string_view key) const;
  std::optional<std::uint64_t> natural() const;  // an integer that is not negative
};

class Lexer {
 public:
  Lexer(Window& window, std::uint64_t position) : window_(window), position_(position) {}

  std::uint64_t position() const { return position_; }
  void move_to(std::uint64_t position) { position_ = position; }

  // White space and comments.
  void skip_space();

  // Both skip white space first, and stay where they are if it is not there.
  bool accept(std::string_view keyword);
  std::optional<std::uint64_t> accept_natural();

  // One object. Broken where it is none, or nested more than 32 levels deep, or of more than 100,000 parts.
  PdfResult<Value> read_value();

 private:
  PdfResult<Value> read_nested(int depth);
  PdfResult<Value> read_dictionary(int depth);
  PdfResult<Value> read_array(int depth);
  PdfResult<Value> read_number();
  std::string read_name();
  PdfResult<Value> skip_string();
  PdfResult<Value> skip_hex_string();
  PdfResult<Value> skip_keyword();
  int peek() { return window_.at(position_); }

  Window& window_;
  std::uint64_t position_;
  int parts_ = 0;
};

// What a digit of a hexadecimal number is worth; -1: it is none.
int hex_digit(int byte);

// Asked of every byte of an object. -1, behind the end, is a delimiter.
inline bool is_white(int byte) {
  switch (byte) {
    case 0:
    case '\t':
    case '\n':
    case '\f':
    case '\r':
    case ' ':
      return true;
    default:
      return false;
  }
}

inline bool is_delimiter(int byte) {
  switch (byte) {
    case '(':
    case ')':
    case '<':
    case '>':
    case '[':
    case ']':
    case '{':
    case '}':
    case '/':
    case '%':
      return true;
    default:
      return byte < 0 || is_white(byte);
  }
}

}  // namespace signet::pdf

#endif  // SIGNET_PDF_LEXER_H_
