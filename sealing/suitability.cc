#include "sealing/suitability.h"

#include <fmt/format.h>

#include <charconv>
#include <optional>

#include "crypto/algorithm_table.h"
#include "crypto/certificate_parts.h"
#include "pkcs11-client/key_type.h"

namespace signet::sealing {

namespace {

using crypto::Day;
using crypto::day_text;
using crypto::Suitability;

// CK_DATE's form.
std::optional<Day> day_of_date(std::string_view text) {
  if (text.size() != 8) return std::nullopt;
  unsigned number = 0;
  std::from_chars(text.data(), text.data() + text.size(), number);
  const std::chrono::year_month_day date{std::chrono::year(static_cast<int>(number / 10'000)),
                                         std::chrono::month(number / 100 % 100),
                                         std::chrono::day(number % 100)};
  return date.ok() ? std::optional(Day(date)) : std::nullopt;
}

std::string name_of_key(const crypto::KeyParameters& key) {
  switch (key.type) {
    case crypto::KeyType::rsa:
      return fmt::format("RSA of {} bits", key.bits);
    case crypto::KeyType::ec:
      return fmt::format("ECDSA on {}", row_of(key.curve).name);
    case crypto::KeyType::edwards:
      break;
  }
  return std::string(row_of(key.curve).name);
}

std::string name_of_signature(const cms::Algorithm& algorithm, const crypto::KeyParameters& key) {
  const std::string hash = crypto::hash_name(algorithm.hash);
  if (algorithm.scheme == crypto::Scheme::rsa_pkcs1)
    return fmt::format("PKCS#1 v1.5 with {} and {}", name_of_key(key), hash);
  if (algorithm.scheme == crypto::Scheme::rsa_pss)
    return fmt::format("RSASSA-PSS with {} and {}", name_of_key(key), hash);
  return fmt::format("{} with {}", name_of_key(key), hash);
}

class Warnings {
 public:
  Warnings(const crypto::Suite& suite, std::optional<Day> certificate_end,
           std::chrono::system_clock::time_point now)
      : suite_(suite), certificate_end_(certificate_end), now_(now) {}

  void look_at(const std::string& name, const Suitability& found) {
    const auto last = found.last_good_day();
    if (!found.listed) {
      say(fmt::format("{} is not in the suite {}: who verifies by it does not call the seal good",
                      name, suite_.name()));
    } else if (found.start && now_ < *found.start) {
      say(fmt::format("by the suite {}, {} is good from {} only", suite_.name(), name,
                      day_text(*found.start)));
    } else if (last && !found.good_at(now_)) {
      say(fmt::format("by the suite {}, {} was good until {} only", suite_.name(), name,
                      day_text(*last)));
    } else if (last && (!certificate_end_ || *last < *certificate_end_)) {
      say(fmt::format("by the suite {}, {} is good until {} only, and the certificate is valid {}",
                      suite_.name(), name, day_text(*last),
                      certificate_end_ ? "until " + day_text(*certificate_end_) : "for longer"));
    } else if (last && found.legacy) {
      say(fmt::format("by the suite {}, {} is good until {} only", suite_.name(), name,
                      day_text(*last)));
    }
  }

  std::vector<std::string> all() && { return std::move(sentences_); }
  bool none() const { return sentences_.empty(); }

 private:
  void say(std::string sentence) { sentences_.push_back(std::move(sentence)); }

  const crypto::Suite& suite_;
  const std::optional<Day> certificate_end_;
  const std::chrono::system_clock::time_point now_;
  std::vector<std::string> sentences_;
};

}  // namespace

std::vector<std::string> suite_warnings(const crypto::Suite& suite, const cms::Algorithm& algorithm,
                                        ByteView certificate,
                                        std::chrono::system_clock::time_point now) {
  const auto parts = crypto::parse_certificate(certificate);
  const auto key = parts ? pkcs11::KeyType::of_public_key(parts->public_key).parameters()
                         : std::optional<crypto::KeyParameters>();
  Warnings warnings(suite, parts ? day_of_date(parts->end_date) : std::nullopt, now);
  if (!key) {
    warnings.look_at("this kind of key", {});
    return std::move(warnings).all();
  }
  warnings.look_at(name_of_key(*key), suite.of_key(*key));
  warnings.look_at(crypto::hash_name(algorithm.hash), suite.of_hash(algorithm.hash));
  if (warnings.none()) {
    warnings.look_at(name_of_signature(algorithm, *key),
                     suite.of_signature(algorithm.scheme, algorithm.hash, *key));
  }
  return std::move(warnings).all();
}

}  // namespace signet::sealing
