#include "https/client/response_reader.h"

#include <algorithm>
#include <charconv>

namespace signet::https {

namespace {

constexpr std::size_t kMostChunkDigits = 15;  // fits into 64 bits

// What a line between chunks or heads may have for nothing: a response of many small chunks is a good one.
constexpr std::size_t kFreeOfCharge = 64;

std::string_view without_blanks(std::string_view text) {
  const auto first = text.find_first_not_of(" \t\r\n");
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(" \t\r\n") - first + 1);
}

// `expected` is in lower case.
bool is_word(std::string_view word, std::string_view expected) {
  const auto lower = [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  };
  return std::ranges::equal(word, expected, {}, lower);
}

// A list of words with commas between them.
bool names(std::string_view list, std::string_view expected) {
  while (!list.empty()) {
    const std::size_t end = std::min(list.find(','), list.size());
    if (is_word(without_blanks(list.substr(0, end)), expected)) return true;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return false;
}

// Digits alone.
std::optional<std::uint64_t> whole_number(std::string_view text, int base) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number, base);
  if (text.empty() || error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return number;
}

}  // namespace

bool ResponseReader::take(std::string_view piece) {
  while (!piece.empty()) {
    switch (state_) {
      case State::done:  // nobody asked for more
        keeps_connection_ = false;
        return true;
      case State::body_of_known_size:
      case State::body_until_end:
      case State::chunk:
        if (!take_body(piece)) return false;
        break;
      case State::head:
      case State::chunk_size:
      case State::chunk_end:
      case State::trailer: {
        const auto line = take_line(piece);
        if (line && !take_text(*line)) return false;
        if (!line && line_.size() > kLargestHeaders) return reception_.header(line_);
        if (line) line_.clear();
      }
    }
  }
  return true;
}

bool ResponseReader::take_end() {
  if (state_ == State::body_until_end) state_ = State::done;
  return done();
}

std::optional<std::string_view> ResponseReader::take_line(std::string_view& piece) {
  const std::size_t end = piece.find('\n');
  if (end == std::string_view::npos) {
    line_ += piece;
    piece = {};
    return std::nullopt;
  }
  const std::string_view line = piece.substr(0, end + 1);
  piece.remove_prefix(end + 1);
  if (line_.empty()) return line;
  line_ += line;
  return line_;
}

bool ResponseReader::take_text(std::string_view line) {
  if (line.find('\0') != std::string_view::npos) return false;
  const bool empty = without_blanks(line).empty();
  switch (state_) {
    case State::head:
      if (status_ == 0) return read_status(line) && reception_.header(line);
      if (empty) return charge(line) && end_head();
      return read_field(line) && reception_.header(line);
    case State::chunk_size:
      return charge(line) && read_chunk_size(line);
    case State::chunk_end:
      state_ = State::chunk_size;
      return empty && charge(line);
    case State::trailer:  // of its fields none is used
      trailer_size_ += line.size();
      if (empty) state_ = State::done;
      return trailer_size_ <= kLargestHeaders;
    default:
      return false;
  }
}

bool ResponseReader::read_status(std::string_view line) {
  constexpr std::string_view example = "HTTP/1.1 200";
  constexpr std::string_view version = "HTTP/1.";
  const auto is_digit = [](char c) { return c >= '0' && c <= '9'; };
  line = without_blanks(line);
  const bool shaped = line.starts_with(version) && line.size() >= example.size() &&
                      is_digit(line[version.size()]) && line[version.size() + 1] == ' ' &&
                      (line.size() == example.size() || line[example.size()] == ' ');
  const auto code = shaped ? whole_number(line.substr(version.size() + 2, 3), 10) : std::nullopt;
  if (!code || *code < 100) return false;
  status_ = static_cast<int>(*code);
  keeps_connection_ = line[version.size()] != '0';
  return true;
}

bool ResponseReader::read_field(std::string_view line) {
  const std::size_t colon = line.find(':');
  // What continues the line before could be taken for something else by somebody else.
  if (colon == std::string_view::npos || line.front() == ' ' || line.front() == '\t') return false;
  const std::string_view name = without_blanks(line.substr(0, colon));
  const std::string_view value = without_blanks(line.substr(colon + 1));
  if (is_word(name, "content-length")) {
    const auto length = whole_number(value, 10);
    if (!length || (length_ && length_ != length)) return false;
    length_ = length;
  } else if (is_word(name, "transfer-encoding")) {
    if (chunked_ || !is_word(value, "chunked")) return false;
    chunked_ = true;
  } else if (is_word(name, "connection")) {
    closes_ = closes_ || names(value, "close");  // whatever else is said before or after it
    if (closes_ || names(value, "keep-alive")) keeps_connection_ = !closes_;
  }
  return true;
}

// Of lines that nobody else counts, so that no server can go on with them for ever.
bool ResponseReader::charge(std::string_view line) {
  between_size_ += line.size() - std::min(line.size(), kFreeOfCharge);
  return between_size_ <= kLargestHeaders;
}

bool ResponseReader::end_head() {
  constexpr int kSwitching = 101;
  if (status_ == kSwitching) return false;
  if (status_ < kOk) {  // an interim response: the one that counts follows
    status_ = 0;
    length_.reset();
    chunked_ = false;
    closes_ = false;
    return true;
  }
  if (status_ == kNoContent || status_ == kNotModified) {
    state_ = State::done;
  } else if (chunked_) {
    // Both: the two ends of a connection might not agree where the response ends (RFC 9112, 6.3).
    if (length_) keeps_connection_ = false;
    state_ = State::chunk_size;
  } else if (length_) {
    left_ = *length_;
    state_ = left_ == 0 ? State::done : State::body_of_known_size;
  } else {
    keeps_connection_ = false;
    state_ = State::body_until_end;
  }
  return true;
}

bool ResponseReader::read_chunk_size(std::string_view line) {
  const std::string_view digits = without_blanks(line.substr(0, line.find(';')));
  const auto size = digits.size() > kMostChunkDigits ? std::nullopt : whole_number(digits, 16);
  if (!size) return false;
  left_ = *size;
  state_ = left_ == 0 ? State::trailer : State::chunk;
  return true;
}

bool ResponseReader::take_body(std::string_view& piece) {
  std::string_view part = piece;
  if (state_ != State::body_until_end) part = piece.substr(0, left_);
  piece.remove_prefix(part.size());
  if (!reception_.body(part)) return false;
  if (state_ == State::body_until_end) return true;
  left_ -= part.size();
  if (left_ == 0) state_ = state_ == State::chunk ? State::chunk_end : State::done;
  return true;
}

}  // namespace signet::https
