// What `signet preserve` and its subcommands are told.
#ifndef SIGNET_SIGNET_CLI_PRESERVE_OPTIONS_H_
#define SIGNET_SIGNET_CLI_PRESERVE_OPTIONS_H_

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

#include "signet-cli/extend/options.h"

namespace signet::cli {

struct PreserveOptions {
  std::vector<std::string> files;
  std::string register_file;
  std::string within;     // "90d"; empty: the margin of the configuration
  unsigned jobs = 0;      // 0: the configuration's
  unsigned batch = 0;     // likewise
  std::size_t limit = 0;  // documents in this call; 0: all that are due
  bool resume = false;
  bool problems = false;
  std::string out;  // of export
  bool force = false;
  bool json = false;
  ExtendOptions extending;  // whom to trust, where time-stamps come from

  // Set by complete().
  std::chrono::seconds margin{};
};

// --register and --json, which all of them have.
void add_register_options(CLI::App& command, PreserveOptions& options);
// Whom to trust and by which rules; --jobs and --batch.
void add_examining_options(CLI::App& command, PreserveOptions& options);
// --within.
void add_within_option(CLI::App& command, PreserveOptions& options);

// Fills what was not said from [preserve] of the configuration and from defaults. The error names what cannot be used.
VerifyResult<void> complete(PreserveOptions& options);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PRESERVE_OPTIONS_H_
