// What a certificate says of itself that trusted lists ask for: qcStatements (EN 319 412-5), policies, usages, names.
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_CERTIFICATE_FACTS_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_CERTIFICATE_FACTS_H_

#include <array>
#include <set>
#include <string>

#include "validation/certificate.h"

namespace signet::validation {

struct CertificateFacts {
  // Extensions that cannot be read count as absent.
  static CertificateFacts of(const Certificate& certificate);

  Time not_before;
  std::set<std::string> statements;          // identifiers of the qcStatements, dotted
  std::set<std::string> types;               // of QcType, dotted
  std::set<std::string> legislations;        // of QcCClegislation, upper-case country codes
  std::set<std::string> policies;            // dotted
  std::set<std::string> extended_usages;     // dotted
  std::set<std::string> subject_attributes;  // dotted
  bool has_key_usage = false;
  std::array<bool, 9> key_usage{};  // by the bits of RFC 5280, 4.2.1.3

  bool has(const char* statement) const { return statements.contains(statement); }
};

namespace qc {
inline constexpr const char* kCompliance = "0.4.0.1862.1.1";
inline constexpr const char* kSscd = "0.4.0.1862.1.4";
inline constexpr const char* kType = "0.4.0.1862.1.6";
inline constexpr const char* kTypeSign = "0.4.0.1862.1.6.1";
inline constexpr const char* kTypeSeal = "0.4.0.1862.1.6.2";
inline constexpr const char* kTypeWeb = "0.4.0.1862.1.6.3";
inline constexpr const char* kLegislation = "0.4.0.1862.1.7";
inline constexpr const char* kPolicy = "0.4.0.1456.1.2";      // QCP of TS 101 456
inline constexpr const char* kPolicyPlus = "0.4.0.1456.1.1";  // QCP+, with a device
}  // namespace qc

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_CERTIFICATE_FACTS_H_
