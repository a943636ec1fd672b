// `signet-emulator run`: one member of an instance, until it is told to stop.
#ifndef SIGNET_SOFTHSM_BACKEND_RUN_COMMAND_H_
#define SIGNET_SOFTHSM_BACKEND_RUN_COMMAND_H_

#include <filesystem>
#include <optional>
#include <string>

#include "softhsm-backend/instance.h"

namespace signet::emulator {

struct RunOptions {
  std::filesystem::path dir;
  std::string role = "primary";
  std::optional<Endpoint> listen;    // instead of what `init` said
  std::filesystem::path ready_file;  // empty: none
  std::filesystem::path softhsm;     // empty: what `init` was given
  unsigned workers = 16;
};

// Throws std::runtime_error with a sentence where it cannot begin.
void run_member(const RunOptions& options);

}  // namespace signet::emulator

#endif  // SIGNET_SOFTHSM_BACKEND_RUN_COMMAND_H_
