#include "keygen/renewal_due.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <openssl/x509.h>

#include <algorithm>

namespace signet::keygen {

namespace {

using std::chrono::system_clock;

bool same_subject(const Certificate& a, const Certificate& b) {
  return X509_NAME_cmp(X509_get_subject_name(a.x509()), X509_get_subject_name(b.x509())) == 0;
}

bool renewed_by_journal(const DueCertificate& old, const std::vector<RenewalRecord>& records) {
  return std::any_of(records.begin(), records.end(), [&](const RenewalRecord& record) {
    return record.step == RenewalStep::done && equal(record.old_certificate, old.stored.der);
  });
}

bool succeeds(const DueCertificate& other, const DueCertificate& old) {
  if (other.certificate == old.certificate || !same_subject(other.certificate, old.certificate))
    return false;
  if (other.certificate.not_after() <= old.certificate.not_after()) return false;
  if (old.stored.label == retired_label(other.stored.label, old.certificate)) return true;
  const auto now = system_clock::now();
  return old.certificate.not_after() <= now && other.certificate.not_after() > now &&
         other.key.type.kind == old.key.type.kind;
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
    const bool succeeded = std::any_of(
        all.begin(), all.end(), [&](const DueCertificate& other) { return succeeds(other, each); });
    if (!succeeded) due.push_back(each);
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
    if (here) own.push_back(record);
  }
  return own;
}

std::string retired_label(const std::string& label, const Certificate& certificate) {
  return fmt::format("{} (until {})", label, date_text(certificate.not_after()));
}

std::string waiting_label(const std::string& label) {
  return label + " (next)";
}

std::string date_text(system_clock::time_point time) {
  return fmt::format("{:%Y-%m-%d}", fmt::gmtime(system_clock::to_time_t(time)));
}

}  // namespace signet::keygen
