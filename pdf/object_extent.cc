#include "pdf/object_extent.h"

#include <algorithm>
#include <vector>

#include "pdf/lexer.h"

namespace signet::pdf {

namespace {

constexpr std::size_t kDeepestExtent = 500;  // qpdf gives up there

// qpdf takes a vertical tab for white space, against 7.2.3.
bool is_blank(int byte) {
  return is_white(byte) || byte == '\v';
}

class Extent {
 public:
  Extent(ByteView text, std::size_t begin) : text_(text), at_(begin) {}

  std::size_t end() {
    do {
      skip_blanks();
      if (!pass_token() || open_.size() > kDeepestExtent) return text_.size();
    } while (!open_.empty());
    return at_;
  }

 private:
  int byte(std::size_t ahead = 0) const {
    return at_ + ahead < text_.size() ? text_[at_ + ahead] : -1;
  }

  // Comments, too.
  void skip_blanks() {
    for (; at_ < text_.size(); ++at_) {
      if (byte() == '%') {
        while (at_ < text_.size() && byte() != '\n' && byte() != '\r') ++at_;
      } else if (!is_blank(byte())) {
        return;
      }
    }
    at_ = std::min(at_, text_.size());
  }

  // False where there is none that is whole.
  bool pass_token() {
    switch (byte()) {
      case -1:
      case ')':
      case '{':
      case '}':
        return false;
      case '(':
        return pass_string();
      case '<':
        return byte(1) == '<' ? opens('>', 2) : pass_hex_string();
      case '[':
        return opens(']', 1);
      case '>':
        return byte(1) == '>' && closes('>', 2);
      case ']':
        return closes(']', 1);
      default:
        ++at_;  // of a name its slash
        while (at_ < text_.size() && !is_delimiter(byte()) && !is_blank(byte())) ++at_;
        return true;
    }
  }

  bool opens(char with, std::size_t size) {
    open_.push_back(with);
    at_ += size;
    return true;
  }

  bool closes(char with, std::size_t size) {
    if (open_.empty() || open_.back() != with) return false;
    open_.pop_back();
    at_ += size;
    return true;
  }

  bool pass_string() {
    int deep = 0;
    for (; at_ < text_.size(); ++at_) {
      if (byte() == '\\') {
        ++at_;
      } else if (byte() == '(') {
        ++deep;
      } else if (byte() == ')' && --deep == 0) {
        ++at_;
        return true;
      }
    }
    return false;
  }

  bool pass_hex_string() {
    for (++at_; at_ < text_.size(); ++at_) {
      if (byte() == '>') {
        ++at_;
        return true;
      }
      if (hex_digit(byte()) < 0 && !is_blank(byte())) return false;
    }
    return false;
  }

  const ByteView text_;
  std::size_t at_;
  std::vector<char> open_;  // what closes each
};

}  // namespace

std::size_t end_of_object(ByteView text, std::size_t begin) {
  return Extent(text, begin).end();
}

}  // namespace signet::pdf
