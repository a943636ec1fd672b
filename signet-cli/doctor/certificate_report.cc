#include "signet-cli/doctor/certificate_report.h"

#include <openssl/x509v3.h>

#include <algorithm>
#include <memory>

#include "common/log_line.h"
#include "crypto/certificate.h"
#include "crypto/host_errors.h"
#include "crypto/library_context.h"
#include "crypto/openssl_ptr.h"

namespace signet::cli::doctor {

namespace {

using Certificate = OpensslPtr<X509, X509_free>;
using Time = std::chrono::system_clock::time_point;

struct Parsed {
  const transport::CertificateInfo* info;
  Certificate certificate;  // null: unreadable
};

Certificate parse(const Bytes& der, OSSL_LIB_CTX* context) {
  X509* certificate = X509_new_ex(context, nullptr);
  const unsigned char* data = der.data();
  if (d2i_X509(&certificate, &data, static_cast<long>(der.size())) == nullptr) return nullptr;
  return Certificate(certificate);
}

// A time that cannot be read lies long ago.
Time time_of(const ASN1_TIME* time) {
  return crypto::time_of(time).value_or(Time());
}

class Checker {
 public:
  Checker(const transport::ObjectSet& objects, Time now) : objects_(objects), now_(now) {
    for (const transport::CertificateInfo& info : objects.certificates) {
      parsed_.push_back({&info, parse(info.der, context_.get())});
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
    report.label = log::printable(text_of(one.info->label));
    X509* const certificate = one.certificate.get();
    if (certificate == nullptr) {
      report.faults.push_back(CertificateFault::unreadable);
      return report;
    }
    report.subject = crypto::name_text(X509_get_subject_name(certificate));
    report.authority = X509_check_ca(certificate) > 0;
    report.not_before = time_of(X509_get0_notBefore(certificate));
    report.not_after = time_of(X509_get0_notAfter(certificate));
    if (now_ < report.not_before) report.faults.push_back(CertificateFault::not_yet_valid);
    if (now_ > report.not_after) report.faults.push_back(CertificateFault::expired);
    check_key(*one.info, certificate, report);
    check_chain(certificate, report);
    return report;
  }

  void check_key(const transport::CertificateInfo& info, const X509* certificate,
                 CertificateReport& report) const {
    const Bytes key = crypto::public_key_of(certificate);
    const auto& keys = objects_.keys;
    const bool there = std::ranges::find(keys, key, &transport::KeyInfo::public_key) != keys.end();
    const bool named_otherwise =
        !info.cka_id.empty() && std::ranges::any_of(keys, [&](const transport::KeyInfo& other) {
          return other.cka_id == info.cka_id && other.public_key != key;
        });
    if (named_otherwise) {
      report.faults.push_back(CertificateFault::other_key);
    } else if (!there && !report.authority) {
      report.faults.push_back(CertificateFault::no_key);
    }
  }

  // The certificate on the token that signed this one.
  X509* issuer_of(X509* certificate, bool& only_by_name) const {
    for (const Parsed& candidate : parsed_) {
      X509* const issuer = candidate.certificate.get();
      const bool named =
          issuer != nullptr && issuer != certificate &&
          X509_NAME_cmp(X509_get_subject_name(issuer), X509_get_issuer_name(certificate)) == 0;
      if (!named) continue;
      if (X509_verify(certificate, X509_get0_pubkey(issuer)) == 1) return issuer;
      only_by_name = true;
    }
    return nullptr;
  }

  static bool is_self_signed(X509* certificate) { return X509_self_signed(certificate, 1) == 1; }

  void check_chain(X509* certificate, CertificateReport& report) const {
    X509* last = certificate;
    constexpr int longest = 10;
    for (int length = 0; length < longest && !is_self_signed(last); ++length) {
      bool only_by_name = false;
      X509* const issuer = issuer_of(last, only_by_name);
      if (issuer == nullptr) {
        report.chain = only_by_name ? Chain::broken : Chain::incomplete;
        if (only_by_name) report.faults.push_back(CertificateFault::wrong_issuer);
        return;
      }
      if (now_ > time_of(X509_get0_notAfter(issuer))) {
        report.chain = Chain::broken;
        report.faults.push_back(CertificateFault::issuer_expired);
        return;
      }
      last = issuer;
    }
    if (!is_self_signed(last)) return;  // a circle of issuers: incomplete
    report.chain = last == certificate ? Chain::self_signed : Chain::complete;
  }

  crypto::HostErrors aside_;
  crypto::LibraryContext context_;
  const transport::ObjectSet& objects_;
  const Time now_;
  std::vector<Parsed> parsed_;
};

}  // namespace

std::vector<CertificateReport> check_certificates(const transport::ObjectSet& objects, Time now) {
  return Checker(objects, now).run();
}

}  // namespace signet::cli::doctor
