#include "pdf/lexer.h"

namespace signet::pdf {

namespace {

constexpr int kDeepestValue = 32;
constexpr int kMostParts = 100'000;
constexpr std::size_t kLongestName = 1024;
constexpr std::uint64_t kLongestString = std::uint64_t{1024} * 1024;

bool is_digit(int byte) {
  return byte >= '0' && byte <= '9';
}

}  // namespace

int hex_digit(int byte) {
  if (byte >= '0' && byte <= '9') return byte - '0';
  const int lower = byte | 0x20;
  return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
}

const Value* Value::find(std::string_view key) const {
  const auto found = entries.find(key);
  return found == entries.end() ? nullptr : &found->second;
}

std::optional<std::uint64_t> Value::natural() const {
  if (kind != Kind::integer || number < 0) return std::nullopt;
  return static_cast<std::uint64_t>(number);
}

void Lexer::skip_space() {
  while (true) {
    const int byte = peek();
    if (byte == '%') {
      while (peek() >= 0 && peek() != '\n' && peek() != '\r') ++position_;
    } else if (is_white(byte)) {
      ++position_;
    } else {
      return;
    }
  }
}

bool Lexer::accept(std::string_view keyword) {
  const std::uint64_t before = position_;
  skip_space();
  for (std::size_t at = 0; at < keyword.size(); ++at)
    if (window_.at(position_ + at) != static_cast<unsigned char>(keyword[at])) {
      position_ = before;
      return false;
    }
  position_ += keyword.size();
  return true;
}

std::optional<std::uint64_t> Lexer::accept_natural() {
  const std::uint64_t before = position_;
  skip_space();
  std::uint64_t number = 0;
  int digits = 0;
  for (; is_digit(peek()); ++position_, ++digits) {
    if (digits == 18) break;  // no number in a file is that long
    number = number * 10 + static_cast<std::uint64_t>(peek() - '0');
  }
  if (digits > 0 && is_delimiter(peek())) return number;
  position_ = before;
  return std::nullopt;
}

PdfResult<Value> Lexer::read_value() {
  parts_ = 0;
  return read_nested(0);
}

PdfResult<Value> Lexer::read_nested(int depth) {
  skip_space();
  if (depth > kDeepestValue || ++parts_ > kMostParts)
    return broken("an object is nested too deep, or has too many parts", position_);
  const int byte = peek();
  if (byte == '/') {
    Value value;
    value.kind = Value::Kind::name;
    value.name = read_name();
    return value;
  }
  if (byte == '<')
    return window_.at(position_ + 1) == '<' ? read_dictionary(depth) : skip_hex_string();
  if (byte == '[') return read_array(depth);
  if (byte == '(') return skip_string();
  if (is_digit(byte) || byte == '-' || byte == '+' || byte == '.') return read_number();
  return skip_keyword();
}

PdfResult<Value> Lexer::read_dictionary(int depth) {
  const std::uint64_t begin = position_;
  position_ += 2;
  Value value;
  value.kind = Value::Kind::dictionary;
  while (!accept(">>")) {
    skip_space();
    if (peek() != '/')
      return broken("a dictionary has a key that is not a name, or does not end",
                    peek() < 0 ? begin : position_);
    std::string key = read_name();
    BOOST_OUTCOME_TRY(auto entry, read_nested(depth + 1));
    value.entries.insert_or_assign(std::move(key), std::move(entry));
  }
  return value;
}

PdfResult<Value> Lexer::read_array(int depth) {
  ++position_;
  Value value;
  value.kind = Value::Kind::array;
  while (!accept("]")) {
    BOOST_OUTCOME_TRY(auto item, read_nested(depth + 1));
    value.items.push_back(std::move(item));
  }
  return value;
}

// An integer, a reference, or a real number.
PdfResult<Value> Lexer::read_number() {
  Value value;
  if (const auto number = accept_natural()) {
    value.kind = Value::Kind::integer;
    value.number = static_cast<std::int64_t>(*number);
    const std::uint64_t behind = position_;
    if (accept_natural() && accept("R") && is_delimiter(peek())) {
      value.kind = Value::Kind::reference;
    } else {
      position_ = behind;
    }
    return value;
  }
  const bool negative = peek() == '-';
  if (negative || peek() == '+') ++position_;
  const std::uint64_t digits = position_;
  if (is_digit(peek())) {
    if (const auto number = accept_natural()) {
      value.kind = Value::Kind::integer;
      value.number = static_cast<std::int64_t>(*number) * (negative ? -1 : 1);
      return value;
    }
  }
  position_ = digits;
  while (is_digit(peek()) || peek() == '.' || peek() == '-') ++position_;
  if (!is_delimiter(peek())) return broken("a number does not end", position_);
  return value;
}

std::string Lexer::read_name() {
  ++position_;
  std::string name;
  while (!is_delimiter(peek())) {
    int byte = peek();
    ++position_;
    const int high = byte == '#' ? hex_digit(window_.at(position_)) : -1;
    const int low = high < 0 ? -1 : hex_digit(window_.at(position_ + 1));
    if (low >= 0) {
      byte = high * 16 + low;
      position_ += 2;
    }
    if (name.size() < kLongestName) name.push_back(static_cast<char>(byte));
  }
  return name;
}

PdfResult<Value> Lexer::skip_string() {
  const std::uint64_t begin = position_;
  int open = 0;
  while (position_ - begin < kLongestString) {
    const int byte = peek();
    if (byte < 0) break;
    ++position_;
    if (byte == '\\') ++position_;
    if (byte == '(') ++open;
    if (byte == ')' && --open == 0) return Value();
  }
  return broken("a string does not end", begin);
}

PdfResult<Value> Lexer::skip_hex_string() {
  const std::uint64_t begin = position_;
  while (position_ - begin < kLongestString) {
    const int byte = peek();
    if (byte < 0) break;
    ++position_;
    if (byte == '>') return Value();
  }
  return broken("a string does not end", begin);
}

PdfResult<Value> Lexer::skip_keyword() {
  const std::uint64_t begin = position_;
  while (!is_delimiter(peek())) ++position_;
  if (position_ == begin) return broken("there is no object", begin);
  return Value();
}

}  // namespace signet::pdf
