// The subcommands of `signet-seald`. Each adds itself to the command line; its callback throws std::runtime_error with a
// sentence.
#ifndef SIGNET_SEAL_SERVER_PROGRAM_COMMANDS_H_
#define SIGNET_SEAL_SERVER_PROGRAM_COMMANDS_H_

#include <CLI/CLI.hpp>

namespace signet::sealserver {

void add_init_command(CLI::App& app);
void add_run_command(CLI::App& app);
void add_client_command(CLI::App& app);
void add_audit_command(CLI::App& app);
void add_time_stamp_command(CLI::App& app);
void add_database_commands(CLI::App& app);
void add_log_commands(CLI::App& app);

// Part of audit.
void add_reconcile_command(CLI::App& audit);

}  // namespace signet::sealserver

#endif  // SIGNET_SEAL_SERVER_PROGRAM_COMMANDS_H_
