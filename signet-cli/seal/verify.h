// signet verify for sealed messages: what check.h of sealing/ finds, in words and in JSON.
#ifndef SIGNET_SIGNET_CLI_SEAL_VERIFY_H_
#define SIGNET_SIGNET_CLI_SEAL_VERIFY_H_

#include <string>
#include <vector>

#include "sealing/error.h"
#include "signet-cli/command.h"

namespace signet::cli {

struct VerifySealOptions {
  std::string seal;
  std::string document;                // empty: the seal holds it
  std::vector<std::string> roots;      // files: whom the signers' certificates must chain to
  std::vector<std::string> tsa_roots;  // likewise those of the time-stamps
  std::string extract;                 // file that the document of an internal seal is written to
  bool force = false;                  // replace it
  bool json = false;
};

void add_verify_seal_options(CLI::App& command, VerifySealOptions& options);

// Prints it and sets the exit code: 0, or 27 (bad_signature), or 23 (wrong_chain) where that alone is wrong.
void verify_seal(const VerifySealOptions& options, Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_VERIFY_H_
