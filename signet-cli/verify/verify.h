// `signet verify` for sealed documents: reads them, validates them, writes the report.
#ifndef SIGNET_SIGNET_CLI_VERIFY_VERIFY_H_
#define SIGNET_SIGNET_CLI_VERIFY_VERIFY_H_

#include "signet-cli/verify/options.h"

namespace signet::cli {

inline constexpr int kExitIndeterminate = 40;
inline constexpr int kExitTotalFailed = 41;
inline constexpr int kExitNoSignature = 42;

// Prints the report, and sets the exit code: 0, 40, 41 or 42 by the verdict, or why there is none; of several files the worst.
void verify_documents(VerifyOptions options, Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_VERIFY_VERIFY_H_
