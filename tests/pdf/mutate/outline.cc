#include "tests/pdf/mutate/outline.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdint>
#include <map>

namespace signet::tests {

namespace {

bool is_digit(char value) {
  return value >= '0' && value <= '9';
}

bool is_name(char value) {
  return is_digit(value) || (value >= 'A' && value <= 'Z') || (value >= 'a' && value <= 'z');
}

template <typename Belongs>
std::size_t end_of(const std::string& bytes, std::size_t at, const Belongs& belongs) {
  while (at < bytes.size() && belongs(bytes[at])) ++at;
  return at;
}

// The number that stands in front of `end` and the blanks there; its place is its begin.
Span number_before(const std::string& bytes, std::size_t end) {
  while (end > 0 && bytes[end - 1] == ' ') --end;
  std::size_t begin = end;
  while (begin > 0 && is_digit(bytes[begin - 1])) --begin;
  return {begin, end};
}

}  // namespace

std::vector<Span> numbers_of(const std::string& bytes) {
  std::vector<Span> found;
  for (std::size_t at = 0; at < bytes.size(); ++at) {
    if (!is_digit(bytes[at])) continue;
    const std::size_t end = end_of(bytes, at, is_digit);
    found.push_back({at, end});
    at = end;
  }
  return found;
}

std::vector<Span> names_of(const std::string& bytes) {
  std::vector<Span> found;
  for (std::size_t at = bytes.find('/'); at != std::string::npos; at = bytes.find('/', at + 1)) {
    const std::size_t end = end_of(bytes, at + 1, is_name);
    if (end > at + 2 && end - at < 32) found.push_back({at, end});
  }
  return found;
}

std::vector<Span> values_of(const std::string& bytes) {
  std::vector<Span> found;
  for (const Span name : names_of(bytes)) {
    const std::size_t begin = end_of(bytes, name.end, [](char value) { return value == ' '; });
    const std::size_t end = std::min(bytes.find_first_of("/<>[]()\n", begin), bytes.size());
    if (end > begin) found.push_back({begin, end});
  }
  return found;
}

std::vector<Span> objects_of(const std::string& bytes) {
  std::vector<Span> found;
  for (std::size_t at = bytes.find(" obj"); at != std::string::npos;
       at = bytes.find(" obj", at + 1)) {
    const Span generation = number_before(bytes, at);
    const Span number = number_before(bytes, generation.begin);
    const std::size_t end = bytes.find("endobj", at);
    if (generation.size() == 0 || number.size() == 0 || number.size() > 7 ||
        end == std::string::npos)
      continue;
    found.push_back({number.begin, end + 6});
  }
  return found;
}

bool mend_table(std::string& bytes) {
  const std::size_t begin = bytes.rfind("trailer");
  const std::size_t end = begin == std::string::npos ? begin : bytes.find("startxref", begin);
  if (end == std::string::npos) return false;
  std::string trailer = bytes.substr(begin, end - begin);
  for (const char* const other : {"/Prev", "/XRefStm"})
    if (const std::size_t at = trailer.find(other); at != std::string::npos)
      trailer.replace(at, 3, "/Ol");
  std::map<std::uint32_t, std::size_t> offsets;
  for (const Span object : objects_of(bytes))
    offsets[static_cast<std::uint32_t>(std::stoul(bytes.substr(object.begin, 7)))] = object.begin;
  if (!bytes.ends_with('\n')) bytes += '\n';
  const std::size_t start = bytes.size();
  bytes += "xref\n0 1\n0000000000 65535 f \n";
  for (const auto& [number, offset] : offsets)
    if (number != 0) bytes += fmt::format("{} 1\n{:010} 00000 n \n", number, offset);
  bytes += trailer + fmt::format("startxref\n{}\n%%EOF\n", start);
  return true;
}

}  // namespace signet::tests
