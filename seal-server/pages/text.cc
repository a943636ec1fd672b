#include "seal-server/pages/text.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace signet::sealserver {

namespace {

constexpr std::array<const char*, kLanguages.size()> kCodes{"en", "cs"};

// The weight of one part of Accept-Language, such as "cs-CZ;q=0.8".
double weight_of(std::string_view part) {
  const auto q = part.find("q=");
  if (q == std::string_view::npos) return 1;
  double weight = 0;
  const auto [end, error] = std::from_chars(part.data() + q + 2, part.data() + part.size(), weight);
  return error == std::errc() ? weight : 0;
}

}  // namespace

const char* language_code(Language language) {
  return kCodes.at(static_cast<std::size_t>(language));
}

std::optional<Language> language_of(std::string_view code) {
  for (const Language language : kLanguages) {
    if (code == language_code(language)) return language;
  }
  return std::nullopt;
}

Language preferred_language(std::string_view header) {
  Language best = Language::english;
  double most = 0;
  while (!header.empty()) {
    std::string_view part = header.substr(0, header.find(','));
    header.remove_prefix(std::min(header.size(), part.size() + 1));
    part.remove_prefix(std::min(part.find_first_not_of(' '), part.size()));
    const auto language = language_of(part.substr(0, part.find_first_of("-; ")));
    if (!language || weight_of(part) <= most) continue;
    most = weight_of(part);
    best = *language;
  }
  return best;
}

std::string text(Language language, std::string_view name) {
  const auto texts = all_texts();
  const auto found = std::ranges::find(texts, name, &Text::name);
  if (found == texts.end())
    throw std::out_of_range("There is no text \"" + std::string(name) + "\".");
  return found->words.at(static_cast<std::size_t>(language));
}

}  // namespace signet::sealserver
