// A folder whose documents are sealed as they are moved in. Nothing is sealed twice and nothing is lost, whenever the
// process is killed:
//
//   1. the seal is written whole into OUT/.signet-seal/ID/, ID being what tells this state of the document from others. That it
//      lacks its time-stamp is written beside it before it is there, and recorded for --resume before step 3
//   2. the document moves from IN to DONE: from now on it is sealed
//   3. the seal moves to OUT
//
// A seal that waits in 1. serves for its document if that is still in IN, and is delivered if it is not. Documents that
// cannot be sealed move to FAILED, with the reason beside them; where token, authority or disk is the reason, they stay and
// are tried again.
#ifndef SIGNET_SIGNET_CLI_SEAL_WATCH_H_
#define SIGNET_SIGNET_CLI_SEAL_WATCH_H_

#include "signet-cli/seal/options.h"
#include "signet-cli/seal/report.h"
#include "signet-cli/seal/tool.h"
#include "signet-cli/stop_signal.h"

namespace signet::cli {

// Whether the folders are there, on one file system, and nobody else's. Opens nothing on the token.
sealing::SealResult<void> check_watch_folders(const SealOptions& options);

// Until `stop`, with --once until nothing is left that can be sealed now, or a failure that concerns every document (the PIN, the key, its certificate).
sealing::SealResult<void> watch_folder(const SealTool& tool, const SealOptions& options,
                                       SealReport& report, const StopSignal& stop);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_WATCH_H_
