#include "pdf/element_count.h"

#include "pdf/lexer.h"

namespace signet::pdf {

void ElementCount::add(ByteView piece) {
  for (const std::uint8_t byte : piece) {
    if (is_delimiter(byte) || byte == '\v') {  // white space for qpdf, against 7.2.3
      end_word();
      if (!is_white(byte)) numbers_ = 0;  // "0 0%R" is no reference
      const bool opens = byte == '[' || byte == '<' || byte == '(' || byte == '/' || byte == '{';
      const bool second = byte == '<' && angle_;  // of "<<"
      angle_ = byte == '<' && !second;
      if (!opens || second) continue;
      ++total_;
      numbers_ = 0;
      in_word_ = byte == '/';  // a name is one with its slash
      digits_ = letter_r_ = false;
      continue;
    }
    if (!in_word_) {
      ++total_;
      digits_ = true;
      letter_r_ = byte == 'R';
    } else {
      letter_r_ = false;
    }
    digits_ = digits_ && byte >= '0' && byte <= '9';
    in_word_ = true;
    angle_ = false;
  }
}

void ElementCount::end_word() {
  if (!in_word_) return;
  in_word_ = false;
  if (letter_r_ && numbers_ >= 2) total_ -= 2;
  numbers_ = digits_ ? numbers_ + 1 : 0;
}

}  // namespace signet::pdf
