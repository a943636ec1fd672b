#include "seal-server/pages/form.h"

#include <fmt/format.h>

#include <algorithm>

#include "common/bytes.h"
#include "common/utf8.h"
#include "seal-server/store/problem.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMostFields = 32;

std::string decoded_field(std::string_view text) {
  std::string octets;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '+') {
      octets.push_back(' ');
    } else if (text[i] == '%') {
      const auto octet = from_hex(text.substr(i + 1, 2));
      if (!octet || octet->empty()) throw problems::malformed("The form is malformed.");
      octets.push_back(static_cast<char>(octet->front()));
      i += 2;
    } else {
      octets.push_back(text[i]);
    }
  }
  const bool has_control =
      std::ranges::any_of(octets, [](unsigned char c) { return c < ' ' || c == 127; });
  if (has_control || !is_utf8(octets))
    throw problems::malformed("The form has characters that it may not have.");
  return octets;
}

}  // namespace

Form::Form(std::string_view text) {
  while (!text.empty()) {
    const std::string_view pair = text.substr(0, text.find('&'));
    text.remove_prefix(std::min(text.size(), pair.size() + 1));
    const auto equals = std::min(pair.find('='), pair.size());
    const bool is_new = values_
                            .emplace(decoded_field(pair.substr(0, equals)),
                                     decoded_field(pair.substr(std::min(pair.size(), equals + 1))))
                            .second;
    if (!is_new || values_.size() > kMostFields)
      throw problems::malformed("The form is malformed.");
  }
}

std::string Form::raw_value(const std::string& name) const {
  const auto found = values_.find(name);
  return found == values_.end() ? std::string() : found->second;
}

std::string Form::value(const std::string& name) const {
  const std::string raw = raw_value(name);
  const auto first = raw.find_first_not_of(' ');
  if (first == std::string::npos) return {};
  return raw.substr(first, raw.find_last_not_of(' ') - first + 1);
}

std::string form_text(const std::vector<std::pair<std::string, std::string>>& values) {
  std::string text;
  for (const auto& [name, value] : values) {
    if (value.empty()) continue;
    text += (text.empty() ? "" : "&") + name + "=";
    for (const char each : value) {
      const bool plain = (each >= 'a' && each <= 'z') || (each >= 'A' && each <= 'Z') ||
                         (each >= '0' && each <= '9') || each == '-' || each == '.' || each == '_';
      text +=
          plain ? std::string(1, each) : fmt::format("%{:02X}", static_cast<unsigned char>(each));
    }
  }
  return text;
}

std::string cookie_value(std::string_view header, std::string_view name) {
  while (!header.empty()) {
    std::string_view pair = header.substr(0, header.find(';'));
    header.remove_prefix(std::min(header.size(), pair.size() + 1));
    pair.remove_prefix(std::min(pair.find_first_not_of(' '), pair.size()));
    if (pair.starts_with(name) && pair.substr(name.size()).starts_with('='))
      return std::string(pair.substr(name.size() + 1));
  }
  return {};
}

}  // namespace signet::sealserver
