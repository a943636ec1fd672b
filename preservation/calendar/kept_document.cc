#include "preservation/calendar/kept_document.h"

#include <fmt/format.h>

#include <algorithm>

namespace signet::preservation {

namespace {

std::string verdict_text(const validation::Conclusion& verdict) {
  std::string text(validation::total_name(verdict.indication));
  if (verdict.sub_indication != validation::SubIndication::none)
    text += fmt::format("/{}", validation::name_of(verdict.sub_indication));
  return text;
}

}  // namespace

Condition condition_of(const DocumentState& state) {
  Condition condition;
  condition.format = validation::name_of(state.format);
  condition.level = validation::name_of(state.level);
  condition.verdict = verdict_text(state.verdict);
  condition.until = state.verifiable_until;
  if (state.verifiable_because)
    condition.because =
        validation::text_of(*state.verifiable_because, validation::Language::english);
  return condition;
}

std::string_view name_of(Standing standing) {
  switch (standing) {
    case Standing::kept:
      return "kept";
    case Standing::changed:
      return "changed";
    case Standing::missing:
      return "missing";
    case Standing::failed:
      break;
  }
  return "failed";
}

std::optional<Standing> standing_from(std::string_view name) {
  const auto* const found =
      std::ranges::find(kStandings, name, [](Standing each) { return name_of(each); });
  return found == kStandings.end() ? std::nullopt : std::optional(*found);
}

bool is_due(const KeptDocument& document, Time now, std::chrono::seconds margin) {
  return document.condition.until && *document.condition.until - margin <= now;
}

}  // namespace signet::preservation
