// Lines and JSON about registered documents.
#ifndef SIGNET_SIGNET_CLI_PRESERVE_REPORT_H_
#define SIGNET_SIGNET_CLI_PRESERVE_REPORT_H_

#include <string>

#include "preservation/calendar/inspection.h"
#include "signet-cli/output.h"

namespace signet::cli {

// "PAdES B-LTA, TOTAL-PASSED, verifiable until 2031-05-01".
std::string condition_text(const preservation::Condition& condition);

// The members of the export, and "due".
Json json_of(const preservation::KeptDocument& document, std::chrono::seconds margin);
// What became of a document in a run or a check.
Json json_of(const preservation::DocumentReport& report);

// Worst of the documents that do not pass: 0, kExitIndeterminate or kExitTotalFailed.
int exit_status_of(const preservation::Condition& condition);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PRESERVE_REPORT_H_
