// The subcommands of `signet-seald` for registration authorities. Each adds itself to the command line.
#ifndef SIGNET_SEAL_SERVER_ENROL_ENROL_COMMANDS_H_
#define SIGNET_SEAL_SERVER_ENROL_ENROL_COMMANDS_H_

#include <CLI/CLI.hpp>

namespace signet::sealserver {

void add_enrol_command(CLI::App& app);

// Part of client.
void add_client_revoke(CLI::App& client);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_ENROL_ENROL_COMMANDS_H_
