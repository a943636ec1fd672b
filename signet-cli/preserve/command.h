// `signet preserve` and its subcommands.
#ifndef SIGNET_SIGNET_CLI_PRESERVE_COMMAND_H_
#define SIGNET_SIGNET_CLI_PRESERVE_COMMAND_H_

#include "signet-cli/command.h"

namespace signet::cli {

// The context outlives the parent.
void add_preserve(CLI::App& parent, Context& context);
void add_preserve_add(CLI::App& parent, Context& context);
void add_preserve_list(CLI::App& parent, Context& context);
void add_preserve_due(CLI::App& parent, Context& context);
void add_preserve_run(CLI::App& parent, Context& context);
void add_preserve_check(CLI::App& parent, Context& context);
void add_preserve_remove(CLI::App& parent, Context& context);
void add_preserve_export(CLI::App& parent, Context& context);
void add_preserve_import(CLI::App& parent, Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_PRESERVE_COMMAND_H_
