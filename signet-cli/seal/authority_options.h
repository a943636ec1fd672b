// --tsa and what belongs to it, for every command that needs time-stamps.
#ifndef SIGNET_SIGNET_CLI_SEAL_AUTHORITY_OPTIONS_H_
#define SIGNET_SIGNET_CLI_SEAL_AUTHORITY_OPTIONS_H_

#include "signet-cli/seal/options.h"

namespace signet::cli {

void add_authority_options(CLI::App& command, SealOptions& options);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_AUTHORITY_OPTIONS_H_
