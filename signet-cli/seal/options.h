// What stands on the command line of `signet seal`, and what it means together with the configuration.
#ifndef SIGNET_SIGNET_CLI_SEAL_OPTIONS_H_
#define SIGNET_SIGNET_CLI_SEAL_OPTIONS_H_

#include <string>
#include <string_view>
#include <vector>

#include "config/seal_config.h"
#include "sealing/error.h"
#include "signet-cli/command.h"

namespace signet::cli {

struct SealOptions {
  std::vector<std::string> inputs;  // "-": standard input
  std::string out;                  // "-": standard output; empty: beside the input
  std::string out_dir;
  std::string profile;
  std::string suite;              // see suite_choice.h
  config::SealSettings settings;  // those that are given; see wanted()
  bool external = false;
  bool internal = false;
  bool force = false;          // replace outputs that are there
  bool skip_existing = false;  // leave out documents whose output is there
  bool add = false;            // one more signature in messages that are sealed already
  std::string content;         // the document of an external message
  bool resume = false;         // time-stamps for seals that lack them
  std::string preview;         // file: a picture instead of a seal
  std::string reference;       // into the appliance's journal
  bool json = false;

  // --watch
  std::string watch;  // folder
  bool once = false;  // end when nothing is left
  std::string done_dir;
  std::string failed_dir;

  // For all authorities of the command line.
  std::vector<std::string> tsa;
  config::TsaConfig authority;
  std::string tsa_password_file;
  std::string tsa_limit;
};

void add_seal_options(CLI::App& command, SealOptions& options);

// The command line over the profile over [seal]; the configuration's suite goes into options.suite where that is empty.
// Failure::settings for a profile that there is not, a configuration that cannot be used, and options that contradict each
// other.
sealing::SealResult<config::SealSettings> settings_of(SealOptions& options);

// The first of the settings that is for PDF documents alone, as an option; empty: none is.
std::string_view pdf_option_of(const config::SealSettings& settings);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_SEAL_OPTIONS_H_
