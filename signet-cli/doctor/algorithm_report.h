// What a suite of algorithms says against the keys and certificates on a token.
#ifndef SIGNET_SIGNET_CLI_DOCTOR_ALGORITHM_REPORT_H_
#define SIGNET_SIGNET_CLI_DOCTOR_ALGORITHM_REPORT_H_

#include <chrono>
#include <string>
#include <vector>

#include "crypto/suite.h"
#include "dsa-transport/appliance.h"
#include "signet-cli/doctor/certificate_report.h"

namespace signet::cli::doctor {

// Each may be used now, or nearly: what is to be done has time.
struct AlgorithmWarning {
  std::string sentence;
  std::string advice;
};

// Of keys: those that the suite does not list, and those that have an end, since certificates for them end with it. Of
// certificates: those whose key or hash ends before they do. What has been superseded is left out. `reports`: those of
// check_certificates() for the same objects.
std::vector<AlgorithmWarning> check_algorithms(const transport::ObjectSet& objects,
                                               const std::vector<CertificateReport>& reports,
                                               const crypto::Suite& suite,
                                               std::chrono::system_clock::time_point now);

}  // namespace signet::cli::doctor

#endif  // SIGNET_SIGNET_CLI_DOCTOR_ALGORITHM_REPORT_H_
