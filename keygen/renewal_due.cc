#include "keygen/renewal_due.h"

#include <algorithm>

#include "keygen/renewal_claim.h"
#include "keygen/succession.h"

namespace signet::keygen {

namespace {

using std::chrono::system_clock;

bool renewed_by_journal(const DueCertificate& old, const std::vector<RenewalRecord>& records) {
  return std::any_of(records.begin(), records.end(), [&](const RenewalRecord& record) {
    return record.step == RenewalStep::done && equal(record.old_certificate, old.stored.der);
  });
}

// Those with their private key on the token.
TokenResult<std::vector<DueCertificate>> with_keys(const TokenSession& token) {
  BOOST_OUTCOME_TRY(const auto keys, token.keys());
  BOOST_OUTCOME_TRY(const auto stored, token.certificates());
  std::vector<DueCertificate> found;
  for (const StoredCertificate& each : stored) {
    const auto certificate = Certificate::from_der(each.der);
    if (!certificate) continue;  // of no use to anybody, and no reason to leave the others
    const auto key = std::find_if(keys.begin(), keys.end(), [&](const Key& candidate) {
      return equal(candidate.public_key, certificate.value().public_key());
    });
    if (key != keys.end()) found.push_back({each, certificate.value(), *key});
  }
  return found;
}

}  // namespace

TokenResult<std::vector<DueCertificate>> due_certificates(const TokenSession& token,
                                                          const std::vector<RenewalRecord>& records,
                                                          const ObjectChoice& choice,
                                                          system_clock::time_point limit) {
  BOOST_OUTCOME_TRY(const auto all, with_keys(token));
  std::vector<DueCertificate> due;
  for (const DueCertificate& each : all) {
    if (!choice.fits(each.stored.label, each.stored.id)) continue;
    if (each.certificate.not_after() > limit || renewed_by_journal(each, records)) continue;
    const bool superseded = std::any_of(all.begin(), all.end(), [&](const DueCertificate& other) {
      return supersedes({other.stored.label, other.certificate},
                        {each.stored.label, each.certificate});
    });
    if (!superseded) due.push_back(each);
  }
  return due;
}

TokenResult<std::vector<RenewalRecord>> records_of(const TokenSession& token,
                                                   const std::vector<RenewalRecord>& records) {
  BOOST_OUTCOME_TRY(const auto keys, token.keys());
  std::vector<RenewalRecord> own;
  for (const RenewalRecord& record : records) {
    BOOST_OUTCOME_TRY(const auto old, Certificate::from_der(record.old_certificate));
    const bool here = std::any_of(keys.begin(), keys.end(), [&](const Key& key) {
      return equal(key.public_key, old.public_key());
    });
    BOOST_OUTCOME_TRY(const auto leftovers, leftovers_of(token, record));
    if (here || !leftovers.empty()) own.push_back(record);
  }
  return own;
}

}  // namespace signet::keygen
