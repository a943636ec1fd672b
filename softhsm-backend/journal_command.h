// `signet-emulator journal`: what was signed, one line a signature.
#ifndef SIGNET_SOFTHSM_BACKEND_JOURNAL_COMMAND_H_
#define SIGNET_SOFTHSM_BACKEND_JOURNAL_COMMAND_H_

#include <CLI/CLI.hpp>
#include <filesystem>

namespace signet::emulator {

struct JournalOptions {
  std::filesystem::path dir;
  bool json = false;
};

// `options` outlives the parsing of the command line.
void add_journal_command(CLI::App& app, JournalOptions& options);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_JOURNAL_COMMAND_H_
