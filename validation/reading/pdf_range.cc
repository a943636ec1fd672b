#include "validation/reading/pdf_range.h"

#include <algorithm>
#include <cctype>
#include <string_view>

#include "common/bytes.h"
#include "pdf/lexer.h"

namespace signet::validation {

namespace {

constexpr std::uint64_t kMostBlanks = 1024;
constexpr std::uint64_t kMostBehind = std::uint64_t{1024} * 1024;  // the last %%EOF
constexpr std::uint64_t kMostInObject = std::uint64_t{64} * 1024;
constexpr std::uint64_t kMostSearched = std::uint64_t{64} * 1024 * 1024;
constexpr std::size_t kMostFound = 4096;  // places with a /ByteRange that are looked at
constexpr std::uint64_t kPiece = std::uint64_t{1024} * 1024;

std::optional<Bytes> bytes_at(const pdf::Document& document, std::uint64_t from, std::uint64_t to) {
  Bytes bytes(static_cast<std::size_t>(to - from));
  if (!bytes.empty() && !document.source().read(from, bytes)) return std::nullopt;
  return bytes;
}

bool is_blank(const pdf::Document& document, std::uint64_t from, std::uint64_t to) {
  if (to - from > kMostBlanks) return false;
  const auto bytes = bytes_at(document, from, to);
  return bytes && std::ranges::all_of(*bytes, [](std::uint8_t one) { return pdf::is_white(one); });
}

// The number in front of the last " G obj" of a text; nothing where there is none.
std::optional<std::uint32_t> last_object_in(std::string_view text) {
  const auto digit_before = [&text](std::size_t at) {
    return at > 0 && std::isdigit(static_cast<unsigned char>(text[at - 1])) != 0;
  };
  const auto blank_before = [&text](std::size_t at) {
    return at > 0 && pdf::is_white(static_cast<unsigned char>(text[at - 1]));
  };
  for (std::size_t found = text.rfind("obj"); found != std::string_view::npos;
       found = found == 0 ? std::string_view::npos : text.rfind("obj", found - 1)) {
    std::size_t at = found;
    while (blank_before(at)) --at;
    const std::size_t generation_end = at;
    while (digit_before(at)) --at;
    if (at == generation_end || !blank_before(at)) continue;
    while (blank_before(at)) --at;
    std::uint64_t number = 0;
    std::uint64_t power = 1;
    for (int digits = 0; digits < 9 && digit_before(at); ++digits, power *= 10)
      number += power * static_cast<std::uint64_t>(text[--at] - '0');
    if (power > 1) return static_cast<std::uint32_t>(number);
  }
  return std::nullopt;
}

}  // namespace

std::uint64_t end_of_last_update(const pdf::Source& source) {
  constexpr std::string_view mark = "%%EOF";
  pdf::Window window(source);
  Bytes tail(static_cast<std::size_t>(std::min(source.size, kMostBehind)));
  const std::uint64_t begin = source.size - tail.size();
  if (window.read(begin, tail) != tail.size()) return source.size;
  const std::size_t found = signet::text_of(ByteView(tail)).rfind(mark);
  if (found == std::string_view::npos) return source.size;
  std::size_t end = found + mark.size();
  for (const char line_end : {'\r', '\n'})
    if (end < tail.size() && tail[end] == static_cast<std::uint8_t>(line_end)) ++end;
  return begin + end;
}

std::optional<std::size_t> revision_ending_at(const pdf::Document& document, std::uint64_t end) {
  const auto& revisions = document.cross_reference().revisions();
  for (std::size_t at = 0; at < revisions.size(); ++at)
    if (is_blank(document, std::min(end, revisions[at].end), std::max(end, revisions[at].end)))
      return at;
  if (end == document.source().size) return revisions.size() - 1;
  return std::nullopt;
}

bool is_blank_behind(const pdf::Document& document, std::uint64_t offset) {
  return is_blank(document, std::min(offset, document.source().size), document.source().size);
}

bool is_in_object(const pdf::Document& document, std::uint32_t object, std::uint64_t offset) {
  const pdf::Entry* const entry = document.cross_reference().find(object);
  if (entry == nullptr || entry->kind != pdf::Entry::Kind::plain) return false;
  const std::uint64_t begin = entry->where;
  if (offset <= begin || offset - begin > kMostInObject) return false;
  const auto bytes = bytes_at(document, begin, offset);
  return bytes && signet::text_of(ByteView(*bytes)).find("endobj") == std::string_view::npos;
}

std::size_t count_other_signatures(const pdf::Document& document,
                                   const std::set<std::uint32_t>& known) {
  constexpr std::string_view key = "/ByteRange";
  const std::uint64_t size = document.source().size;
  if (size > kMostSearched) return 0;
  std::set<std::uint32_t> others;
  std::size_t looked_at = 0;
  for (std::uint64_t from = 0; from < size; from += kPiece) {
    const std::uint64_t before = std::min(from, kMostInObject);
    const auto bytes =
        bytes_at(document, from - before, std::min(size, from + kPiece + key.size()));
    if (!bytes) break;
    const std::string_view text = signet::text_of(ByteView(*bytes));
    for (std::size_t found = text.find(key, static_cast<std::size_t>(before));
         found != std::string_view::npos; found = text.find(key, found + key.size())) {
      if (++looked_at > kMostFound) return others.size();
      const std::size_t back = std::min<std::size_t>(found, kMostInObject);
      const auto object = last_object_in(text.substr(found - back, back));
      if (object && !known.contains(*object)) others.insert(*object);
    }
  }
  return others.size();
}

}  // namespace signet::validation
