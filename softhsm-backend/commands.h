// The subcommands of `signet-emulator`. Each adds itself to the command line; its callback throws std::runtime_error with
// a sentence.
#ifndef SIGNET_SOFTHSM_BACKEND_COMMANDS_H_
#define SIGNET_SOFTHSM_BACKEND_COMMANDS_H_

#include <CLI/CLI.hpp>

namespace signet::emulator {

void add_init_command(CLI::App& app);
void add_run_command(CLI::App& app);
void add_journal_command(CLI::App& app);
void add_account_command(CLI::App& app);

// For addresses to listen on, and for accounts' names.
CLI::Validator endpoint();
CLI::Validator user_name();

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_COMMANDS_H_
