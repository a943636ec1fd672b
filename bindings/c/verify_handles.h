// What is behind the handles of signet-seal-verify.h.
#ifndef SIGNET_BINDINGS_C_VERIFY_HANDLES_H_
#define SIGNET_BINDINGS_C_VERIFY_HANDLES_H_

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "bindings/c/signet-seal-verify.h"
#include "common/bytes.h"
#include "common/secret.h"
#include "validation/document.h"
#include "validation/online.h"
#include "validation/policy.h"
#include "validation/report/report.h"
#include "validation/result.h"
#include "validation/trusted_lists/trusted_lists.h"

namespace signet::c {

// A sentence, made once, so that it lives as long as its handle.
struct BothTexts {
  std::string english, czech;
};

}  // namespace signet::c

// The names are those of the header.
// NOLINTBEGIN(readability-identifier-naming)

struct signet_seal_verify_options {
  signet::validation::Policy policy;  // without the clock
  std::optional<signet::validation::Time> at;
  std::vector<signet::validation::CertificatePtr> certificates;
  std::vector<signet::validation::RevocationDataPtr> revocations;
  std::shared_ptr<const signet::validation::TrustedLists> lists;
  std::vector<signet::validation::TrustAnchor> list_anchors;
  std::vector<std::string> list_notes;
  bool is_online = false;
  signet::validation::OnlineOptions online;
  signet::Secret password;
  std::size_t revision = 0;
};

struct signet_seal_certificate {
  signet::validation::CertificatePtr certificate;
  std::string subject, issuer, serial, source;
  std::optional<signet::validation::RevocationStatus> status;
  signet::c::BothTexts reason;
};

struct signet_seal_change {
  std::string kind, field;
  bool is_allowed = false;
  std::size_t revision = 0, page = 0;
  signet::c::BothTexts what, rule, warning;
};

struct signet_seal_verified {
  std::string kind, name, sub_indication, level, proven_by, id;
  int indication = SIGNET_SEAL_NO_SIGNATURE;
  bool is_trusted = false, covers_all = false;
  std::int64_t time = SIGNET_SEAL_NO_TIME, judged_at = SIGNET_SEAL_NO_TIME;
  std::int64_t claimed_time = SIGNET_SEAL_NO_TIME, verifiable_until = SIGNET_SEAL_NO_TIME;
  signet::c::BothTexts verifiable_because;
  std::vector<std::string> algorithms;
  std::vector<signet::c::BothTexts> explanations, errors, warnings, level_faults;
  std::vector<signet::c::BothTexts> qualification_reasons;
  std::string qualification, list, list_digest, service;
  std::vector<signet_seal_certificate> chain;
  std::size_t revision = 0, revisions = 0;
  std::vector<signet_seal_change> changes;
  std::vector<signet_seal_verified> time_stamps;
};

struct signet_seal_verification {
  std::unique_ptr<const signet::validation::DocumentParts> parts;
  signet::validation::ValidationResult result;  // points to the parts
  std::vector<signet::validation::Fetch> fetches;
  // What follows is made from the result.
  int indication = SIGNET_SEAL_NO_SIGNATURE;
  std::string sub_indication, format, suite;
  std::vector<signet::c::BothTexts> remarks;
  std::vector<signet_seal_verified> signatures, time_stamps;
};

struct signet_seal_report_options {
  signet::validation::ReportOptions report;
};

// NOLINTEND(readability-identifier-naming)

namespace signet::c {

// Makes the second part of a verification from the first one.
void describe(signet_seal_verification& verification);

std::int64_t seconds_of(validation::Time time);

}  // namespace signet::c

#endif  // SIGNET_BINDINGS_C_VERIFY_HANDLES_H_
