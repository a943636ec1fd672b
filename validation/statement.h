// Sentences of a report, in two languages. A sentence is a constant where it is used; what it speaks of is kept apart, so that
// times and lists can be written in the reader's way.
//
//   inline constexpr Sentence kRevoked{"{0} was revoked at {1}", "{0} byl zneplatněn {1}"};
//   reasons.push_back(say(kRevoked, certificate->subject_text(), moment));
#ifndef SIGNET_VALIDATION_STATEMENT_H_
#define SIGNET_VALIDATION_STATEMENT_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <variant>
#include <vector>

namespace signet::validation {

using Time = std::chrono::system_clock::time_point;

enum class Language : std::uint8_t { english, czech };

// Each text has the same places {0}, {1}, …; no full stop at its end. Static: statements point to it.
struct Sentence {
  std::string_view english;
  std::string_view czech;
};

// Text from a document is printable (common/printable.h) before it gets here.
using Value = std::variant<std::string, std::int64_t, Time>;

struct Statement {
  const Sentence* sentence = nullptr;
  std::vector<Value> values;
};

template <typename... Values>
Statement say(const Sentence& sentence, Values&&... values) {
  return {&sentence, {Value(std::forward<Values>(values))...}};
}

// Times: RFC 3339 in UTC with whole seconds in English, "27. 11. 2026 12:00:00 UTC" in Czech.
std::string text_of(const Statement& statement, Language language);
std::string text_of(Time time, Language language);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_STATEMENT_H_
