// `signet extend`: keeps sealed documents verifiable (preservation/).
#ifndef SIGNET_SIGNET_CLI_EXTEND_EXTEND_H_
#define SIGNET_SIGNET_CLI_EXTEND_EXTEND_H_

#include "signet-cli/command.h"

namespace signet::cli {

// The context outlives the parent.
void add_extend(CLI::App& parent, Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_EXTEND_EXTEND_H_
