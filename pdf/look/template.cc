#include "pdf/look/template.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "common/printable.h"
#include "common/utf8.h"

namespace signet::pdf::look {

namespace {

constexpr std::string_view kIsolateBegin = "\xE2\x81\xA8";  // U+2068 FIRST STRONG ISOLATE
constexpr std::string_view kIsolateEnd = "\xE2\x81\xA9";    // U+2069 POP DIRECTIONAL ISOLATE

struct Field {
  std::string_view name;
  std::optional<std::string> Facts::*value;
};

constexpr std::array<Field, 7> kFields = {{
    {"signer", &Facts::signer},
    {"organisation", &Facts::organisation},
    {"time", &Facts::time},
    {"reference", &Facts::reference},
    {"reason", &Facts::reason},
    {"serial", &Facts::serial},
    {"issuer", &Facts::issuer},
}};

Error refused_text(std::string sentence) {
  return {Fault::text, std::move(sentence)};
}

// Marks say which way a character beside them goes, and reach no further than their isolate.
bool is_direction_mark(char32_t c) {
  return c == 0x200E || c == 0x200F || c == 0x061C;
}

bool may_stand_in_value(char32_t c) {
  return is_printable(c) || is_direction_mark(c);
}

bool may_stand_in_template(char32_t c) {
  return c == '\t' || (c >= 0x20 && (c < 0x7F || c > 0x9F));
}

LookResult<void> check_characters(std::string_view text, std::string_view place,
                                  bool (*may_stand)(char32_t)) {
  while (!text.empty()) {
    const Utf8Piece piece = first_piece(text);
    if (!piece.valid) return refused_text(fmt::format("{} is not UTF-8", place));
    if (!may_stand(piece.character)) {
      return refused_text(fmt::format("{} has the control character U+{:04X}", place,
                                      static_cast<unsigned>(piece.character)));
    }
    text.remove_prefix(piece.size);
  }
  return success();
}

std::string known_fields() {
  std::string all;
  for (const Field& field : kFields) all += fmt::format(" {{{}}}", field.name);
  return all;
}

// Fills one line after another.
class Filling {
 public:
  explicit Filling(const Facts& facts) : facts_(facts) {}

  LookResult<void> add_line(std::string_view line) {
    ++number_;
    const std::string place = fmt::format("line {} of the text", number_);
    BOOST_OUTCOME_TRY(check_characters(line, place, may_stand_in_template));
    line_.clear();
    fields_ = filled_ = 0;
    while (!line.empty()) {
      BOOST_OUTCOME_TRY(const std::size_t used, add_piece(line, place));
      line.remove_prefix(used);
    }
    if (fields_ > 0 && filled_ == 0) return success();
    if (lines_++ > 0) text_ += '\n';
    text_ += line_;
    return success();
  }

  std::string take() { return std::move(text_); }

 private:
  LookResult<std::size_t> add_piece(std::string_view rest, const std::string& place) {
    const char first = rest.front();
    if (first != '{' && first != '}') {
      const std::size_t size = std::min(rest.find_first_of("{}"), rest.size());
      line_ += rest.substr(0, size);
      return size;
    }
    if (rest.size() > 1 && rest[1] == first) {
      line_ += first;
      return 2UL;
    }
    const std::size_t end = rest.find('}');
    if (first == '}' || end == std::string_view::npos) {
      return refused_text(
          fmt::format("{} has a brace that belongs to no field; a brace is written {}", place,
                      first == '{' ? "{{" : "}}"));
    }
    BOOST_OUTCOME_TRY(add_field(rest.substr(1, end - 1), place));
    return end + 1;
  }

  LookResult<void> add_field(std::string_view name, const std::string& place) {
    const auto* const field = std::find_if(kFields.begin(), kFields.end(),
                                           [&](const Field& one) { return one.name == name; });
    if (field == kFields.end()) {
      return refused_text(fmt::format("{} has the unknown field {{{}}}; there are{}", place,
                                      printable(name), known_fields()));
    }
    ++fields_;
    const std::optional<std::string>& value = facts_.*field->value;
    if (!value || value->empty()) return success();
    BOOST_OUTCOME_TRY(
        check_characters(*value, fmt::format("the value of {{{}}}", name), may_stand_in_value));
    ++filled_;
    line_ += kIsolateBegin;
    line_ += *value;
    line_ += kIsolateEnd;
    return success();
  }

  const Facts& facts_;
  std::string text_;
  std::string line_;
  std::size_t number_ = 0;
  std::size_t lines_ = 0;  // that were kept
  std::size_t fields_ = 0;
  std::size_t filled_ = 0;
};

LookResult<void> check_size(std::string_view text) {
  if (text.size() <= kMostTextBytes) return success();
  return refused_text(
      fmt::format("the text has {} bytes; at most {} are set", text.size(), kMostTextBytes));
}

}  // namespace

LookResult<std::string> fill_template(std::string_view text, const Facts& facts) {
  BOOST_OUTCOME_TRY(check_size(text));
  Filling filling(facts);
  while (true) {
    const std::size_t end = text.find('\n');
    std::string_view line = text.substr(0, end);
    if (line.ends_with('\r')) line.remove_suffix(1);
    BOOST_OUTCOME_TRY(filling.add_line(line));
    if (end == std::string_view::npos) break;
    text.remove_prefix(end + 1);
  }
  std::string filled = filling.take();
  BOOST_OUTCOME_TRY(check_size(filled));
  return filled;
}

}  // namespace signet::pdf::look
