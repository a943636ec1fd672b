#include "keygen/successor_type.h"

#include <fmt/format.h>

#include <array>

namespace signet::keygen {

namespace {

using pkcs11::KeyType;
using std::chrono::system_clock;

constexpr std::array<std::string_view, 2> kRsaTypes = {"rsa:3072", "rsa:4096"};
constexpr std::array<std::string_view, 3> kEcTypes = {"ec:P-256", "ec:P-384", "ec:P-521"};

}  // namespace

std::string against_key_type(const KeyType& type, const crypto::Suite& suite,
                             system_clock::time_point now, system_clock::time_point until) {
  const auto parameters = type.parameters();
  const auto found = parameters ? suite.of_key(*parameters) : crypto::Suitability();
  if (!found.listed)
    return fmt::format("{} keys are not in the suite {}", type.text(), suite.name());
  const auto only = [&](std::string_view how, crypto::Day day) {
    return fmt::format("by the suite {}, {} keys are good {} {} only", suite.name(), type.text(),
                       how, crypto::day_text(day));
  };
  const auto last = found.last_good_day();
  if (last && !(found.good_at(now) && found.good_at(until))) return only("until", *last);
  if (found.start && !found.good_at(now)) return only("from", *found.start);
  return {};
}

KeyType successor_type(const KeyType& old, const crypto::Suite& suite, system_clock::time_point now,
                       system_clock::time_point until) {
  if (against_key_type(old, suite, now, until).empty()) return old;
  const auto first_good = [&](const auto& types) {
    for (const std::string_view text : types) {
      const auto type = KeyType::parse(text);
      if (type && type.value().bits > old.bits &&
          against_key_type(type.value(), suite, now, until).empty())
        return type.value();
    }
    return old;
  };
  if (old.kind == crypto::KeyType::rsa) return first_good(kRsaTypes);
  if (old.kind == crypto::KeyType::ec) return first_good(kEcTypes);
  return old;
}

}  // namespace signet::keygen
