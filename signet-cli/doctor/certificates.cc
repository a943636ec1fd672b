// What is said of the certificates on the token, and what to do about each fault.
#include <fmt/format.h>

#include "signet-cli/date.h"
#include "signet-cli/doctor/algorithm_report.h"
#include "signet-cli/doctor/certificate_report.h"
#include "signet-cli/doctor/checks.h"

namespace signet::cli::doctor {

namespace {

std::string advice_for(CertificateFault fault) {
  switch (fault) {
    case CertificateFault::unreadable:
      return "delete it and store it again: its content is no certificate";
    case CertificateFault::not_yet_valid:
      return "look at the clock of this machine; if it is right, wait";
    case CertificateFault::expired:
      return "renew the certificate: what is signed with its key is refused by verifiers";
    case CertificateFault::no_key:
      return "delete it, or find out who deleted its key";
    case CertificateFault::key_disabled:
      return "the appliance's administrator enables the key; or delete the certificate, so that no "
             "program chooses it";
    case CertificateFault::other_key:
      return "give it the CKA_ID of its own key: programs that pair them by CKA_ID sign with the "
             "wrong key";
    case CertificateFault::wrong_issuer:
      return "store the issuer's certificate that signed it";
    case CertificateFault::issuer_expired:
      return "store the issuer's renewed certificate";
  }
  return {};
}

std::string sentence_for(CertificateFault fault, const CertificateReport& report) {
  switch (fault) {
    case CertificateFault::unreadable:
      return "it cannot be read";
    case CertificateFault::not_yet_valid:
      return "it is valid from " + date_of(report.not_before) + " only";
    case CertificateFault::expired:
      return "it expired on " + date_of(report.not_after);
    case CertificateFault::no_key:
      return "no key on the token belongs to it";
    case CertificateFault::key_disabled:
      return "its key is disabled, so nothing can be signed with it";
    case CertificateFault::other_key:
      return "its CKA_ID is that of another key than its own";
    case CertificateFault::wrong_issuer:
      return "the issuer's certificate on the token did not sign it";
    case CertificateFault::issuer_expired:
      return "its issuer's certificate on the token has expired";
  }
  return {};
}

std::string chain_text(const CertificateReport& report) {
  switch (report.chain) {
    case Chain::self_signed:
      return "self-signed";
    case Chain::complete:
      return "its chain is on the token";
    case Chain::incomplete:
      break;
    case Chain::broken:
      return "its chain is broken";
  }
  if (report.chain_end == report.subject)
    return fmt::format("its issuer ({}) is not on the token, which is usual",
                       report.missing_issuer);
  return fmt::format(
      "its chain is on the token up to {}; the issuer of that ({}) is not, which is "
      "usual",
      report.chain_end, report.missing_issuer);
}

// After what is said of its validity; empty: nothing.
std::string advice_for(const CertificateReport& report, std::chrono::system_clock::time_point now) {
  const bool soon = report.superseded_by.empty() && report.not_after - now < kSoon;
  return soon ? "it expires soon: renew it (signet renew)" : "";
}

std::string validity_text(const CertificateReport& report,
                          std::chrono::system_clock::time_point now) {
  const std::string end = fmt::format(
      "{} {}", report.not_after < now ? "expired on" : "valid until", date_of(report.not_after));
  if (report.superseded_by.empty()) return end;
  return fmt::format("superseded by \"{}\", {}", report.superseded_by, end);
}

}  // namespace

void AccountCheck::check_certificates() {
  const Place place{token_.label, {}};
  if (!objects_) {
    return findings_.not_tried(place, "certificates", "the objects could not be read");
  }
  const auto now = std::chrono::system_clock::now();
  const auto reports = doctor::check_certificates(*objects_, now);
  if (reports.empty()) {
    return findings_.not_needed(place, "certificates", "there is none on the token");
  }
  for (const CertificateReport& report : reports) {
    const std::string name =
        fmt::format("\"{}\"{}", report.label,
                    report.subject.empty() ? "" : fmt::format(" ({})", report.subject));
    for (const CertificateFault fault : report.faults) {
      findings_.wrong(place, "certificates", name + ": " + sentence_for(fault, report),
                      advice_for(fault));
    }
    if (!report.faults.empty()) continue;
    findings_.well(place, "certificates",
                   fmt::format("{}: {}; {}", name, validity_text(report, now), chain_text(report)),
                   advice_for(report, now));
  }
}

void AccountCheck::check_algorithms(const crypto::Suite* suite) {
  const Place place{token_.label, {}};
  if (!objects_) return findings_.not_tried(place, "algorithms", "the objects could not be read");
  if (suite == nullptr) return findings_.not_tried(place, "algorithms", "the suite cannot be read");
  const auto now = std::chrono::system_clock::now();
  const auto warnings =
      doctor::check_algorithms(*objects_, doctor::check_certificates(*objects_, now), *suite, now);
  for (const AlgorithmWarning& warning : warnings)
    findings_.well(place, "algorithms", warning.sentence, warning.advice);
  if (warnings.empty())
    findings_.well(place, "algorithms", fmt::format("nothing ends by the suite {}", suite->name()));
}

}  // namespace signet::cli::doctor
