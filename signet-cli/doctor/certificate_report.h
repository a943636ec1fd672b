// What is to be said of the certificates on a token: are they valid now, do they belong to a key
// there, are their issuers there.
#ifndef SIGNET_SIGNET_CLI_DOCTOR_CERTIFICATE_REPORT_H_
#define SIGNET_SIGNET_CLI_DOCTOR_CERTIFICATE_REPORT_H_

#include <chrono>
#include <string>
#include <vector>

#include "dsa-transport/appliance.h"

namespace signet::cli::doctor {

enum class CertificateFault {
  unreadable,
  not_yet_valid,
  expired,
  no_key,        // an end entity's, and no key on the token has its public key
  key_disabled,  // its key may not sign
  other_key,     // its CKA_ID is that of a key with another public key
  wrong_issuer,  // an issuer of the right name is there, but did not sign it
  issuer_expired,
};

enum class Chain {
  self_signed,
  complete,    // up to a self-signed certificate on the token
  incomplete,  // the issuer of the last one is not on the token
  broken,      // see the faults
};

// Texts come from the certificate; control characters in them are escaped.
struct CertificateReport {
  std::string id;  // at the appliance
  std::string label;
  std::string subject;  // RFC 2253
  bool authority = false;
  std::chrono::system_clock::time_point not_before;
  std::chrono::system_clock::time_point not_after;
  Chain chain = Chain::incomplete;
  // Of Chain::incomplete: the subject of the last certificate that is there, and its issuer, which is not.
  std::string chain_end;
  std::string missing_issuer;
  // The label of the certificate that has taken its place (keygen/succession.h), and whose key is on the token; empty:
  // none. That a superseded one has expired or lost its key is no fault.
  std::string superseded_by;
  std::vector<CertificateFault> faults;
};

// In the order of the set.
std::vector<CertificateReport> check_certificates(const transport::ObjectSet& objects,
                                                  std::chrono::system_clock::time_point now);

}  // namespace signet::cli::doctor

#endif  // SIGNET_SIGNET_CLI_DOCTOR_CERTIFICATE_REPORT_H_
