// Where a subcommand writes a certificate or a request to: a file, or its output.
#ifndef SIGNET_SIGNET_CLI_OUT_FILE_H_
#define SIGNET_SIGNET_CLI_OUT_FILE_H_

#include <string>
#include <string_view>

#include "pkcs11-client/error.h"
#include "signet-cli/command.h"

namespace signet::cli {

struct OutOptions {
  std::string file;  // --out; empty: the output
  bool der = false;  // --der
};

void add_out_options(CLI::App& command, OutOptions& options);

pkcs11::TokenResult<void> write_out(const OutOptions& options, std::string_view content,
                                    Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_OUT_FILE_H_
