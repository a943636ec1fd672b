#include "signet-cli/doctor/certificate_report.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <optional>

#include "common/printable.h"
#include "crypto/certificate.h"
#include "crypto/host_errors.h"
#include "keygen/certificate.h"
#include "keygen/succession.h"

namespace signet::cli::doctor {

namespace {

using keygen::Certificate;
using Time = std::chrono::system_clock::time_point;

struct Parsed {
  const transport::CertificateInfo* info;
  std::optional<Certificate> certificate;  // nothing: unreadable
};

class Checker {
 public:
  Checker(const transport::ObjectSet& objects, Time now) : objects_(objects), now_(now) {
    for (const transport::CertificateInfo& info : objects.certificates) {
      auto parsed = Certificate::from_der(info.der);
      parsed_.push_back({&info, parsed ? std::optional(std::move(parsed).value()) : std::nullopt});
    }
  }

  std::vector<CertificateReport> run() {
    std::vector<CertificateReport> reports;
    for (const Parsed& one : parsed_) reports.push_back(report_on(one));
    return reports;
  }

 private:
  CertificateReport report_on(const Parsed& one) {
    CertificateReport report;
    report.id = one.info->id;
    report.label = printable(text_of(one.info->label));
    if (!one.certificate) {
      report.faults.push_back(CertificateFault::unreadable);
      return report;
    }
    const Certificate& certificate = *one.certificate;
    report.subject = crypto::name_text(X509_get_subject_name(certificate.x509()));
    report.authority = certificate.is_authority();
    report.not_before = certificate.not_before();
    report.not_after = certificate.not_after();
    if (now_ < report.not_before) report.faults.push_back(CertificateFault::not_yet_valid);
    if (now_ > report.not_after) report.faults.push_back(CertificateFault::expired);
    check_key(*one.info, certificate.public_key(), report);
    check_chain(certificate, report);
    check_succession(one, report);
    return report;
  }

  const transport::KeyInfo* key_of(const Certificate& certificate) const {
    const auto& keys = objects_.keys;
    const auto found =
        std::ranges::find(keys, certificate.public_key(), &transport::KeyInfo::public_key);
    return found == keys.end() ? nullptr : &*found;
  }

  void check_succession(const Parsed& one, CertificateReport& report) const {
    for (const Parsed& other : parsed_) {
      if (!other.certificate || key_of(*other.certificate) == nullptr) continue;
      if (!keygen::supersedes({label_of(other), *other.certificate},
                              {label_of(one), *one.certificate}))
        continue;
      report.superseded_by = printable(label_of(other));
      std::erase_if(report.faults, [](CertificateFault fault) {
        return fault == CertificateFault::expired || fault == CertificateFault::no_key ||
               fault == CertificateFault::key_disabled || fault == CertificateFault::issuer_expired;
      });
      return;
    }
  }

  static std::string label_of(const Parsed& one) { return std::string(text_of(one.info->label)); }

  void check_key(const transport::CertificateInfo& info, const Bytes& key,
                 CertificateReport& report) const {
    const auto& keys = objects_.keys;
    const auto own = std::ranges::find(keys, key, &transport::KeyInfo::public_key);
    const bool named_otherwise =
        !info.cka_id.empty() && std::ranges::any_of(keys, [&](const transport::KeyInfo& other) {
          return other.cka_id == info.cka_id && other.public_key != key;
        });
    if (named_otherwise) {
      report.faults.push_back(CertificateFault::other_key);
    } else if (own == keys.end() && !report.authority) {
      report.faults.push_back(CertificateFault::no_key);
    }
    if (own != keys.end() && !own->active) report.faults.push_back(CertificateFault::key_disabled);
  }

  // The certificate on the token that signed this one.
  const Certificate* issuer_of(const Certificate& certificate, bool& only_by_name) const {
    for (const Parsed& candidate : parsed_) {
      if (!candidate.certificate || &*candidate.certificate == &certificate) continue;
      const Certificate& issuer = *candidate.certificate;
      if (X509_NAME_cmp(X509_get_subject_name(issuer.x509()),
                        X509_get_issuer_name(certificate.x509())) != 0) {
        continue;
      }
      if (X509_verify(certificate.x509(), X509_get0_pubkey(issuer.x509())) == 1) return &issuer;
      only_by_name = true;
    }
    return nullptr;
  }

  static bool is_self_signed(const Certificate& certificate) {
    return X509_self_signed(certificate.x509(), 1) == 1;
  }

  void check_chain(const Certificate& certificate, CertificateReport& report) const {
    const Certificate* last = &certificate;
    constexpr int longest = 10;
    for (int length = 0; length < longest && !is_self_signed(*last); ++length) {
      bool only_by_name = false;
      const Certificate* const issuer = issuer_of(*last, only_by_name);
      if (issuer == nullptr) {
        report.chain = only_by_name ? Chain::broken : Chain::incomplete;
        report.chain_end = crypto::name_text(X509_get_subject_name(last->x509()));
        report.missing_issuer = crypto::name_text(X509_get_issuer_name(last->x509()));
        if (only_by_name) report.faults.push_back(CertificateFault::wrong_issuer);
        return;
      }
      if (now_ > issuer->not_after()) {
        report.chain = Chain::broken;
        report.faults.push_back(CertificateFault::issuer_expired);
        return;
      }
      last = issuer;
    }
    if (!is_self_signed(*last)) return;  // a circle of issuers: incomplete
    report.chain = last == &certificate ? Chain::self_signed : Chain::complete;
  }

  crypto::HostErrors aside_;
  const transport::ObjectSet& objects_;
  const Time now_;
  std::vector<Parsed> parsed_;
};

}  // namespace

std::vector<CertificateReport> check_certificates(const transport::ObjectSet& objects, Time now) {
  return Checker(objects, now).run();
}

}  // namespace signet::cli::doctor
