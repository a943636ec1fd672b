#include "keygen/renewal_claim.h"

#include <fmt/format.h>

#include <algorithm>
#include <thread>

#include "common/clock.h"
#include "keygen/succession.h"

namespace signet::keygen {

namespace {

constexpr Milliseconds kPatience{10'000};
constexpr Milliseconds kPause{500};

bool knows(const RenewalRecord& record, const Bytes& id) {
  const auto& abandoned = record.abandoned_ids;
  return id == record.new_id ||
         std::find(abandoned.begin(), abandoned.end(), id) != abandoned.end();
}

}  // namespace

std::string waiting_label(const std::string& label) {
  return label + " (next)";
}

TokenResult<std::vector<Key>> foreign_keys(const TokenSession& token, const std::string& key_label,
                                           const std::vector<RenewalRecord>& records) {
  BOOST_OUTCOME_TRY(auto keys, token.keys());
  std::erase_if(keys, [&](const Key& key) {
    return key.label != waiting_label(key_label) ||
           std::any_of(records.begin(), records.end(),
                       [&](const RenewalRecord& record) { return knows(record, key.id); });
  });
  std::sort(keys.begin(), keys.end(), [](const Key& a, const Key& b) { return a.id < b.id; });
  return keys;
}

TokenError renewed_elsewhere(const Key& foreign, const std::filesystem::path& journal) {
  return token_error(
      Reason::exists,
      fmt::format(
          "the key \"{0}\" (id {1}) on the token is of a renewal that is not in the journal "
          "{2}: another machine or user is at work and has to finish it. Only if that "
          "journal is lost, run: signet key delete \"{0}\" --id {1}",
          foreign.label, to_hex(foreign.id), journal.string()));
}

TokenResult<std::optional<StoredCertificate>> successor_of(const TokenSession& token,
                                                           const RenewalRecord& record) {
  BOOST_OUTCOME_TRY(const auto old, Certificate::from_der(record.old_certificate));
  BOOST_OUTCOME_TRY(const auto keys, token.keys());
  BOOST_OUTCOME_TRY(const auto stored, token.certificates());
  std::vector<std::string> labels = {record.certificate_label};
  for (const StoredCertificate& each : stored)
    if (equal(each.der, old.der())) labels.push_back(each.label);
  for (const StoredCertificate& each : stored) {
    const auto other = Certificate::from_der(each.der);
    if (!other || equal(other.value().public_key(), record.new_public_key)) continue;
    const bool has_key = std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
      return equal(key.public_key, other.value().public_key());
    });
    const bool fits = std::any_of(labels.begin(), labels.end(), [&](const std::string& label) {
      return supersedes({each.label, other.value()}, {label, old});
    });
    if (has_key && fits) return std::optional<StoredCertificate>(each);
  }
  return std::optional<StoredCertificate>();
}

TokenResult<std::vector<Key>> leftovers_of(const TokenSession& token, const RenewalRecord& record) {
  BOOST_OUTCOME_TRY(auto keys, token.keys());
  BOOST_OUTCOME_TRY(const auto halves, token.lone_public_keys());
  keys.insert(keys.end(), halves.begin(), halves.end());
  std::erase_if(keys, [&](const Key& key) {
    return !knows(record, key.id) || key.label != waiting_label(record.key_label) ||
           (!record.new_public_key.empty() && equal(key.public_key, record.new_public_key));
  });
  return keys;
}

TokenResult<bool> claim(const TokenSession& token, const RenewalJournal& journal,
                        const RenewalRecord& record, const Key& own, const ReadAgain& read_again) {
  const Deadline patience = Deadline::after(kPatience);
  while (true) {
    if (read_again) {
      BOOST_OUTCOME_TRY(read_again());
    }
    // The keys first: a rival's key loses its label only when its certificate is on the token.
    BOOST_OUTCOME_TRY(const auto records, journal.records());
    BOOST_OUTCOME_TRY(const auto foreign, foreign_keys(token, record.key_label, records.readable));
    BOOST_OUTCOME_TRY(const auto successor, successor_of(token, record));
    if (successor) return false;
    if (foreign.empty()) return true;
    if (foreign.front().id < own.id || patience.passed())
      return renewed_elsewhere(foreign.front(), journal.folder());
    std::this_thread::sleep_for(kPause);
  }
}

}  // namespace signet::keygen
