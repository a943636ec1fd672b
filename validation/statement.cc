#include "validation/statement.h"

#include <fmt/args.h>
#include <fmt/format.h>

#include "common/clock.h"

namespace signet::validation {

std::string text_of(Time time, Language language) {
  std::string text = utc_text(time);  // "2026-03-01T12:00:00.000Z"
  const std::size_t seconds_end = std::string_view("2026-03-01T12:00:00").size();
  if (language == Language::english) return text.substr(0, seconds_end) + "Z";
  const auto day = std::chrono::year_month_day(std::chrono::floor<std::chrono::days>(time));
  return fmt::format("{}. {}. {} {} UTC", static_cast<unsigned>(day.day()),
                     static_cast<unsigned>(day.month()), static_cast<int>(day.year()),
                     text.substr(11, 8));
}

std::string text_of(const Statement& statement, Language language) {
  fmt::dynamic_format_arg_store<fmt::format_context> values;
  for (const Value& value : statement.values) {
    if (const auto* text = std::get_if<std::string>(&value)) values.push_back(*text);
    if (const auto* number = std::get_if<std::int64_t>(&value)) values.push_back(*number);
    if (const auto* time = std::get_if<Time>(&value)) values.push_back(text_of(*time, language));
  }
  const std::string_view pattern =
      language == Language::czech ? statement.sentence->czech : statement.sentence->english;
  return fmt::vformat(pattern, values);
}

}  // namespace signet::validation
