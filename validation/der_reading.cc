#include "validation/der_reading.h"

#include <algorithm>
#include <chrono>

#include "common/clock.h"
#include "common/printable.h"
#include "crypto/object_identifier.h"

namespace signet::validation {

namespace {

std::optional<unsigned> digits(std::string_view text, std::size_t from, std::size_t count) {
  unsigned number = 0;
  for (std::size_t i = from; i < from + count; ++i) {
    if (text[i] < '0' || text[i] > '9') return std::nullopt;
    number = number * 10 + static_cast<unsigned>(text[i] - '0');
  }
  return number;
}

// YYYYMMDDHHMMSS, then nothing, or a fraction; then Z.
std::optional<Time> parse_time(std::string_view text) {
  constexpr std::size_t kSeconds = 14;
  if (text.size() <= kSeconds || text.back() != 'Z') return std::nullopt;
  const std::string_view fraction = text.substr(kSeconds, text.size() - kSeconds - 1);
  if (!fraction.empty() && (fraction[0] != '.' || fraction.size() < 2 ||
                            !digits(fraction, 1, std::min<std::size_t>(fraction.size() - 1, 9))))
    return std::nullopt;
  const auto year = digits(text, 0, 4);
  const auto month = digits(text, 4, 2);
  const auto day = digits(text, 6, 2);
  const auto hour = digits(text, 8, 2);
  const auto minute = digits(text, 10, 2);
  const auto second = digits(text, 12, 2);
  if (!year || !month || !day || !hour || !minute || !second) return std::nullopt;
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(*year)),
                                         std::chrono::month(*month), std::chrono::day(*day)};
  if (!date.ok() || *hour > 23 || *minute > 59 || *second > 60) return std::nullopt;
  const std::int64_t days = std::chrono::sys_days(date).time_since_epoch().count();
  return wall_time(days * 86400 + *hour * 3600 + *minute * 60 + *second);
}

}  // namespace

std::optional<Time> read_time(der::Reader& reader) {
  if (const auto utc = reader.read(der::kUtcTime)) {
    constexpr std::size_t kLength = 13;
    if (utc->size() != kLength) return std::nullopt;
    std::string text((*utc)[0] >= '5' ? "19" : "20");
    text += signet::text_of(*utc);
    return parse_time(text);
  }
  const auto generalized = reader.read(der::kGeneralizedTime);
  constexpr std::size_t kLongest = 32;
  if (!generalized || generalized->size() > kLongest) return std::nullopt;
  return parse_time(signet::text_of(*generalized));
}

bool is_no_end(Time time) {
  return time >= std::chrono::floor<std::chrono::seconds>(Time::max());
}

Taken each_extension(ByteView content, const std::function<Taken(const ExtensionView&)>& take) {
  der::Reader all(content);
  while (!all.at_end()) {
    const auto one = all.read(der::kSequence);
    if (!one) return "its extensions cannot be read";
    der::Reader parts(*one);
    ExtensionView extension;
    const auto oid = parts.read(der::kObjectIdentifier);
    if (const auto critical = parts.read(kBoolean)) {
      const auto value = boolean_in(*critical);
      if (!value) return "its extensions cannot be read";
      extension.critical = *value;
    }
    const auto value = parts.read(der::kOctetString);
    if (!oid || !value || !parts.at_end()) return "its extensions cannot be read";
    extension.oid = *oid;
    extension.value = *value;
    if (Taken problem = take(extension)) return problem;
  }
  return std::nullopt;
}

std::string oid_text(ByteView content) {
  const std::string text = crypto::dotted(der::encode(der::kObjectIdentifier, content));
  return text.empty() ? "an unknown identifier" : printable(text);
}

std::optional<bool> boolean_in(ByteView content) {
  if (content.size() != 1) return std::nullopt;
  return content[0] != 0;
}

}  // namespace signet::validation
