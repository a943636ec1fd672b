#include "validation/result.h"

#include <utility>

namespace signet::validation {

namespace {

int weight(Indication indication) {
  switch (indication) {
    case Indication::passed:
      return 0;
    case Indication::indeterminate:
      return 1;
    case Indication::failed:
      break;
  }
  return 2;
}

template <typename Results>
std::optional<Conclusion> worst(const Results& results) {
  const Conclusion* found = nullptr;
  for (const auto& result : results)
    if (!found || weight(result.conclusion.indication) > weight(found->indication))
      found = &result.conclusion;
  return found ? std::optional(*found) : std::nullopt;
}

}  // namespace

std::string_view name_of(Level level) {
  switch (level) {
    case Level::b_b:
      return "B-B";
    case Level::b_t:
      return "B-T";
    case Level::b_lt:
      return "B-LT";
    case Level::b_lta:
      return "B-LTA";
    case Level::none:
      break;
  }
  return "none";
}

std::optional<Conclusion> ValidationResult::overall() const {
  return signatures.empty() ? worst(document_time_stamps) : worst(signatures);
}

}  // namespace signet::validation
