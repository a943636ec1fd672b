// The words of the web pages, in each language.
#ifndef SIGNET_SEAL_SERVER_PAGES_TEXT_H_
#define SIGNET_SEAL_SERVER_PAGES_TEXT_H_

#include <array>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace signet::sealserver {

enum class Language { english, czech };
inline constexpr std::array<Language, 2> kLanguages{Language::english, Language::czech};

const char* language_code(Language language);  // "en"
std::optional<Language> language_of(std::string_view code);

// What a browser likes best of what there is (Accept-Language, RFC 9110 12.5.4); English where it likes none.
Language preferred_language(std::string_view header);

struct Text {
  const char* name;  // as the templates know it
  std::array<const char*, kLanguages.size()> words;
};

std::span<const Text> all_texts();

// Throws std::out_of_range where there is no such text.
std::string text(Language language, std::string_view name);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PAGES_TEXT_H_
