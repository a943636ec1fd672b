#include "crypto/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "common/bounded_file.h"
#include "common/trusted_file.h"
#include "crypto/algorithm_table.h"
#include "crypto/object_identifier.h"
#include "crypto/signature_names.h"
#include "crypto/suite_data.h"

namespace signet::crypto {

namespace {

// Nothing is later than a day.
bool ends_later(const std::optional<Day>& a, const std::optional<Day>& b) {
  return b && (!a || *a > *b);
}

bool is_better(const Suitability& a, const Suitability& b) {
  if (a.listed != b.listed) return a.listed;
  if (a.end != b.end) return ends_later(a.end, b.end);
  return b.legacy && !a.legacy;
}

}  // namespace

std::string day_text(Day day) {
  const std::chrono::year_month_day date{day};
  return fmt::format("{:04}-{:02}-{:02}", static_cast<int>(date.year()),
                     static_cast<unsigned>(date.month()), static_cast<unsigned>(date.day()));
}

bool Suitability::good_at(std::chrono::system_clock::time_point time) const {
  const Day day = std::chrono::floor<std::chrono::days>(time);
  return listed && (!start || *start <= day) && (!end || day < *end);
}

std::optional<Day> Suitability::last_good_day() const {
  return end ? std::optional(*end - std::chrono::days(1)) : std::nullopt;
}

Suitability narrower(const Suitability& a, const Suitability& b) {
  Suitability both;
  both.listed = a.listed && b.listed;
  if (!both.listed) return both;
  both.start = std::max(a.start, b.start);  // nothing is before every day
  both.end = ends_later(a.end, b.end) ? b.end : a.end;
  both.legacy = a.legacy || b.legacy;
  return both;
}

Result<Suite, std::string> Suite::shipped(std::string_view name) {
  const auto* const known = std::ranges::find(kSuiteData, name, &SuiteData::name);
  if (known != kSuiteData.end()) return parse(known->json);
  std::string names;
  for (const std::string_view each : kShippedSuites)
    names += fmt::format("{}\"{}\"", names.empty() ? "" : ", ", each);
  return fmt::format("there is no suite of this name, but {}, and files by their path", names);
}

Result<Suite, std::string> Suite::load(const std::string& name_or_file) {
  const auto named = [&](Result<Suite, std::string> loaded) -> Result<Suite, std::string> {
    if (loaded) return loaded;
    return fmt::format("\"{}\": {}", name_or_file, loaded.error());
  };
  if (name_or_file.find('/') == std::string::npos) return named(shipped(name_or_file));
  const auto text = read_trusted(name_or_file, {.most = kLargestSuite});
  if (!text) return text.error().sentence;
  return named(parse(text_of(text.value())));
}

const Suite::Entry* Suite::find(const std::string& oid) const {
  const auto entry = entries_.find(oid);
  return entry == entries_.end() ? nullptr : &entry->second;
}

Suitability Suite::judge(const Entry* entry, unsigned bits, bool* limited) {
  Suitability best;
  std::uint64_t best_least = 0;
  if (entry == nullptr) return best;
  for (const Evaluation& evaluation : *entry) {
    std::uint64_t least = 0;
    const bool fits = std::ranges::all_of(evaluation.limits, [&](const Limit& limit) {
      least = std::max(least, limit.least);
      return limit.least <= bits && bits <= limit.most;
    });
    if (!fits || (best.listed && least < best_least)) continue;
    const Suitability found{true, evaluation.start, evaluation.end, evaluation.legacy};
    if (best.listed && least == best_least && !is_better(found, best)) continue;
    best = found;
    best_least = least;
    if (limited != nullptr) *limited = !evaluation.limits.empty();
  }
  return best;
}

Suitability Suite::of_hash(Hash hash) const {
  if (hash == Hash::none) return {};
  return judge(find(dotted(row_of(hash).oid)), 0);
}

Suitability Suite::of_identifier(const std::string& oid, unsigned bits) const {
  return judge(find(oid), bits);
}

// A suite may limit ECDSA by the length of the group, by listing the curves, or both.
Suitability Suite::of_ecdsa(const std::string& oid, const std::string& curve, unsigned bits) const {
  bool limited = false;
  const Suitability signature = judge(find(oid), bits, &limited);
  const Entry* const listed = find(curve);
  return limited && listed == nullptr ? signature : narrower(signature, judge(listed, bits));
}

Suitability Suite::of_signature(Scheme scheme, Hash hash, const KeyParameters& key) const {
  const auto with_hash = [&](const Suitability& signature) {
    return narrower(signature, of_hash(hash));
  };
  switch (scheme) {
    case Scheme::rsa_pkcs1:
      if (key.type != KeyType::rsa) return {};
      return with_hash(judge(find(signature_oid(scheme, hash)), key.bits));
    case Scheme::rsa_pss:
      if (key.type != KeyType::rsa) return {};
      return with_hash(judge(find(kPssOid), key.bits));
    case Scheme::ecdsa:
      if (key.type != KeyType::ec) return {};
      return with_hash(of_ecdsa(signature_oid(scheme, hash), dotted(row_of(key.curve).oid),
                                static_cast<unsigned>(row_of(key.curve).bits)));
    case Scheme::eddsa: {
      if (key.type != KeyType::edwards) return {};
      // Ed25519 has no parameters (RFC 8410): suites give it no length.
      const Suitability signature = judge(find(signature_oid(scheme, Hash::none)), 0);
      return hash == Hash::none ? signature : with_hash(signature);
    }
    case Scheme::rsa_raw:
      break;
  }
  return {};
}

Suitability Suite::of_key(const KeyParameters& key) const {
  Suitability best;
  for (const Scheme scheme : {Scheme::rsa_pss, Scheme::rsa_pkcs1, Scheme::ecdsa, Scheme::eddsa}) {
    for (const HashRow& row : kHashes) {
      if (const Suitability found = of_signature(scheme, row.hash, key); is_better(found, best))
        best = found;
    }
  }
  return best;
}

}  // namespace signet::crypto
