#include "seal-server/server/query_reader.h"

#include <algorithm>
#include <charconv>

#include "common/bytes.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

std::string decoded(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] != '%') {
      octets.push_back(text[i]);
      continue;
    }
    const auto octet = i + 2 < text.size() ? from_hex(text.substr(i + 1, 2)) : std::nullopt;
    if (!octet || octet->front() < ' ')
      throw problems::malformed("The query has a wrong percent-encoding.");
    octets.push_back(static_cast<char>(octet->front()));
    i += 2;
  }
  return octets;
}

}  // namespace

Query::Query(std::string_view text, std::initializer_list<std::string_view> names) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = pair.find('=');
    const std::string name = decoded(pair.substr(0, equals));
    if (equals == std::string_view::npos || std::ranges::find(names, name) == names.end())
      throw problems::malformed("The query has an unexpected part.");
    const bool is_new = values_.emplace(name, decoded(pair.substr(equals + 1))).second;
    if (!is_new) throw problems::malformed("The query has \"" + name + "\" twice.");
  }
}

const std::string* Query::find(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? nullptr : &found->second;
}

std::int64_t Query::number(const char* name, std::string_view value) {
  std::int64_t number = -1;
  const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
  if (error != std::errc() || end != value.data() + value.size() || number < 0)
    throw problems::bad_value("\"" + std::string(name) + "\" is no number.");
  return number;
}

}  // namespace signet::sealserver
