// What a certificate was at a moment by the services that issued it (TS 119 615 V1.4.1, 4.4 and 4.5).
#ifndef SIGNET_VALIDATION_TRUSTED_LISTS_CERTIFICATE_QUALIFICATION_H_
#define SIGNET_VALIDATION_TRUSTED_LISTS_CERTIFICATE_QUALIFICATION_H_

#include <chrono>
#include <cstdint>
#include <string>
#include <vector>

#include "validation/statement.h"
#include "validation/trusted_lists/certificate_facts.h"
#include "validation/trusted_lists/service_index.h"

namespace signet::validation {

// Regulation (EU) 910/2014 applies since then (1 July 2016 in Brussels); services supervised by Directive 1999/93/EC counted as
// qualified for one more year (article 51(3)).
inline constexpr Time kEidas =
    std::chrono::sys_days(std::chrono::year(2016) / 6 / 30) + std::chrono::hours(22);
inline constexpr Time kEidasGraceEnd =
    std::chrono::sys_days(std::chrono::year(2017) / 6 / 30) + std::chrono::hours(22);

enum class CertificateType : std::uint8_t { unknown, signature, seal, web };

struct CertificateQualification {
  bool conflict = false;  // services contradict each other: nothing else counts
  bool qualified = false;
  CertificateType type = CertificateType::unknown;
  bool on_device = false;    // its key is in a qualified device
  ListedService decided_by;  // null: none
  std::string service;       // its name then

  bool same_as(const CertificateQualification& other) const {
    return conflict == other.conflict && qualified == other.qualified && type == other.type &&
           on_device == other.on_device;
  }
};

// `services`: those of its issuer, as many as there are. `issuer_organization`: the issuer's organizationName, which chooses among
// services that agree. Reasons are added in the order in which they are found.
CertificateQualification qualification_at(const CertificateFacts& certificate,
                                          const std::vector<ListedService>& services,
                                          const std::string& issuer_organization, Time time,
                                          std::vector<Statement>& reasons);

// Of the moment when it was issued and that of the signature: qualified at both, device and type of the latter.
CertificateQualification combine(const CertificateQualification& issued,
                                 const CertificateQualification& signing);

// Whether a service in this state may do what the list says (TS 119 615, table 2): granted; before eIDAS under supervision, supervision in
// cessation, or accredited, which holds on until the grace ends.
bool is_granted(const ServiceState& state, Time time);

}  // namespace signet::validation

#endif  // SIGNET_VALIDATION_TRUSTED_LISTS_CERTIFICATE_QUALIFICATION_H_
