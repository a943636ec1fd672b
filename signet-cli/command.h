// What a subcommand is given, and the list of them. A subcommand adds itself to its parent; its
// callback writes to the streams and sets the exit code.
#ifndef SIGNET_SIGNET_CLI_COMMAND_H_
#define SIGNET_SIGNET_CLI_COMMAND_H_

#include <CLI/App.hpp>
#include <CLI/Config.hpp>
#include <CLI/Formatter.hpp>
#include <ostream>
#include <string>
#include <string_view>

#include "common/printable.h"

namespace signet::cli {

enum ExitCode {
  exit_ok = 0,
  exit_failed = 1,  // the check or the work failed
  exit_usage = 2,   // the command line is wrong
  // Of `doctor`; the numbers between are pkcs11::Reason's.
  exit_not_tried = 13,
};

struct Context {
  std::ostream& out;  // a PrintableStream, as is err
  std::ostream& err;
  std::ostream& unfiltered_out;  // where `out` ends; for signatures and the like, which are no text
  int exit_code = exit_ok;

  // "signet: sentence" on the error stream, and exit code 1.
  void fail(std::string_view sentence) {
    err << "signet: " << printable(sentence) << '\n';
    exit_code = exit_failed;
  }
};

// A subcommand that only holds others.
CLI::App& add_group(CLI::App& app, const std::string& name, const std::string& description);

// The context outlives the parent.
void add_config_check(CLI::App& parent, Context& context);
void add_config_sign(CLI::App& parent, Context& context);
void add_config_show(CLI::App& parent, Context& context);
void add_doctor(CLI::App& parent, Context& context);
void add_status(CLI::App& parent, Context& context);
void add_pin_show(CLI::App& parent, Context& context);
void add_token_list(CLI::App& parent, Context& context);
void add_token_change_pin(CLI::App& parent, Context& context);
void add_key_commands(CLI::App& app, Context& context);
void add_csr(CLI::App& parent, Context& context);
void add_cert_commands(CLI::App& app, Context& context);
void add_renew(CLI::App& parent, Context& context);
void add_seal(CLI::App& parent, Context& context);
void add_sign(CLI::App& parent, Context& context);
void add_verify(CLI::App& parent, Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_COMMAND_H_
