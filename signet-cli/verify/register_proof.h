// `signet verify --register-proof`: whether an event is in a seal server's register, by the log's public key and without the
// server.
#ifndef SIGNET_SIGNET_CLI_VERIFY_REGISTER_PROOF_H_
#define SIGNET_SIGNET_CLI_VERIFY_REGISTER_PROOF_H_

#include <string>

#include "signet-cli/verify/options.h"

namespace signet::cli {

struct RegisterProofOptions {
  std::string proof;    // --register-proof: a file; empty: nobody asks
  std::string log_key;  // a verifier key, or a file with one
};

void add_register_proof_options(CLI::App& command, RegisterProofOptions& options);

// Prints the event, and sets the exit code: 0 where the proof holds (and, with a file, the event is about that document), 41 where
// it does not, 31 where it is no proof. A time-stamp in the proof is judged where anybody is trusted: 40 and 41 by its verdict.
void verify_register_proof(const RegisterProofOptions& wanted, const VerifyOptions& options,
                           Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_VERIFY_REGISTER_PROOF_H_
