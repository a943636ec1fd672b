#include "signet-cli/doctor/algorithm_report.h"

#include <fmt/format.h>
#include <openssl/objects.h>
#include <openssl/x509.h>

#include <algorithm>
#include <optional>

#include "common/printable.h"
#include "crypto/algorithm_table.h"
#include "crypto/host_errors.h"
#include "crypto/openssl_ptr.h"
#include "keygen/certificate.h"
#include "keygen/successor_type.h"
#include "signet-cli/date.h"

namespace signet::cli::doctor {

namespace {

using crypto::Day;
using crypto::Suitability;
using keygen::Certificate;
using pkcs11::KeyType;
using Time = std::chrono::system_clock::time_point;

constexpr std::chrono::days kNextTerm{365};  // at least so long is a new certificate valid

Day day_of(Time time) {
  return std::chrono::floor<std::chrono::days>(time);
}

// Of the issuer's signature; nothing where it is none of ours, or has none (Ed25519).
std::optional<crypto::Hash> hash_of(const Certificate& certificate) {
  int number = NID_undef;
  if (X509_get_signature_info(certificate.x509(), &number, nullptr, nullptr, nullptr) != 1)
    return std::nullopt;
  const ASN1_OBJECT* const object = OBJ_nid2obj(number);
  if (object == nullptr) return std::nullopt;
  const auto hash = crypto::hash_with_oid(crypto::der_of(object, i2d_ASN1_OBJECT));
  return hash == crypto::Hash::none ? std::nullopt : std::optional(hash);
}

class Checker {
 public:
  Checker(const transport::ObjectSet& objects, const std::vector<CertificateReport>& reports,
          const crypto::Suite& suite, Time now)
      : objects_(objects), reports_(reports), suite_(suite), now_(now) {}

  std::vector<AlgorithmWarning> run() {
    for (const transport::KeyInfo& key : objects_.keys)
      if (!is_superseded(key)) check_key(key);
    for (std::size_t at = 0; at < reports_.size(); ++at)
      if (reports_[at].superseded_by.empty() && now_ <= reports_[at].not_after) check(at);
    return std::move(warnings_);
  }

 private:
  // Whether it is only there for what was sealed before.
  bool is_superseded(const transport::KeyInfo& key) const {
    bool superseded = false;
    for (std::size_t at = 0; at < reports_.size(); ++at) {
      if (objects_.certificates[at].key_id != key.id) continue;
      if (reports_[at].superseded_by.empty()) return false;
      superseded = true;
    }
    return superseded;
  }

  void check_key(const transport::KeyInfo& key) {
    const KeyType type = KeyType::of_public_key(key.public_key);
    const std::string name =
        fmt::format("key \"{}\" ({})", printable(text_of(key.label)), type.text());
    const Suitability found = suite_.of_key({key.type, key.bits, key.curve});
    if (!found.listed) {
      return warn(
          fmt::format("{} is of a kind that the suite {} does not list", name, suite_.name()),
          "make new keys of a kind that it lists");
    }
    const auto last = found.last_good_day();
    if (!last) return;
    const KeyType next = keygen::successor_type(type, suite_, now_, now_ + kNextTerm);
    warn(fmt::format("{}: by the suite {}, no certificate for it can be issued or renewed after {}",
                     name, suite_.name(), crypto::day_text(*last)),
         next == type ? "make a key of a kind that is good for longer"
                      : fmt::format("renew with a new key: signet renew --type {}", next.text()));
  }

  void check(std::size_t at) {
    const auto certificate = Certificate::from_der(objects_.certificates[at].der);
    if (!certificate) return;
    const CertificateReport& report = reports_[at];
    const std::string name = fmt::format("certificate \"{}\" ({})", report.label, report.subject);
    const KeyType type = KeyType::of_public_key(certificate.value().public_key());
    if (const auto key = type.parameters()) {
      compare(name, fmt::format("keys like its own ({}) are", type.text()), suite_.of_key(*key),
              report);
    }
    if (const auto hash = hash_of(certificate.value())) {
      compare(name,
              fmt::format("{}, with which its issuer signed it, is", crypto::hash_name(*hash)),
              suite_.of_hash(*hash), report);
    }
  }

  void compare(const std::string& name, const std::string& what, const Suitability& found,
               const CertificateReport& report) {
    const auto last = found.last_good_day();
    if (!last || *last >= day_of(report.not_after)) return;
    warn(fmt::format("{} is valid until {}, but by the suite {}, {} good until {} only", name,
                     date_of(report.not_after), suite_.name(), what, crypto::day_text(*last)),
         "renew it before then (signet renew): what is sealed later is not called good by who "
         "verifies by this suite");
  }

  void warn(std::string sentence, std::string advice) {
    warnings_.push_back({std::move(sentence), std::move(advice)});
  }

  crypto::HostErrors aside_;
  const transport::ObjectSet& objects_;
  const std::vector<CertificateReport>& reports_;
  const crypto::Suite& suite_;
  const Time now_;
  std::vector<AlgorithmWarning> warnings_;
};

}  // namespace

std::vector<AlgorithmWarning> check_algorithms(const transport::ObjectSet& objects,
                                               const std::vector<CertificateReport>& reports,
                                               const crypto::Suite& suite, Time now) {
  return Checker(objects, reports, suite, now).run();
}

}  // namespace signet::cli::doctor
