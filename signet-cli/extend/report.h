// What `signet extend` says of each document.
#ifndef SIGNET_SIGNET_CLI_EXTEND_REPORT_H_
#define SIGNET_SIGNET_CLI_EXTEND_REPORT_H_

#include <string>

#include "preservation/extension.h"
#include "signet-cli/output.h"

namespace signet::cli {

// Needed revocation data is lacking, or not new enough.
inline constexpr int kExitNoData = 34;

int exit_status_of(const preservation::ExtensionError& error);

// "letter.pdf: B-T, now B-LTA; added 3 certificates, 2 CRLs, 1 time-stamp; verifiable until 2031-05-01T00:00:00Z: …"
std::string line_of(const std::string& file, const preservation::Extended& extended);
Json json_of(const std::string& file, const std::string& out,
             const preservation::Extended& extended);
Json json_of(const std::string& file, const preservation::ExtensionError& error);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_EXTEND_REPORT_H_
