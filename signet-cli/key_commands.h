// The subcommands about tokens, keys, requests and certificates.
#ifndef SIGNET_SIGNET_CLI_KEY_COMMANDS_H_
#define SIGNET_SIGNET_CLI_KEY_COMMANDS_H_

#include "signet-cli/command.h"

namespace signet::cli {

void add_token_list(CLI::App& parent, Context& context);

void add_key_list(CLI::App& parent, Context& context);
void add_key_generate(CLI::App& parent, Context& context);
void add_key_rename(CLI::App& parent, Context& context);
void add_key_delete(CLI::App& parent, Context& context);

void add_cert_list(CLI::App& parent, Context& context);
void add_cert_show(CLI::App& parent, Context& context);
void add_cert_import(CLI::App& parent, Context& context);
void add_cert_export(CLI::App& parent, Context& context);
void add_cert_delete(CLI::App& parent, Context& context);

void add_csr(CLI::App& parent, Context& context);

// All of the above: `token`, `key`, `cert` and `csr`.
void add_key_commands(CLI::App& app, Context& context);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_KEY_COMMANDS_H_
