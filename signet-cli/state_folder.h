// Where commands keep what they must still know in the next run.
#ifndef SIGNET_SIGNET_CLI_STATE_FOLDER_H_
#define SIGNET_SIGNET_CLI_STATE_FOLDER_H_

#include <filesystem>
#include <optional>
#include <string_view>

namespace signet::cli {

// `what` below the folder that systemd gives a service (STATE_DIRECTORY), /var/lib/signet for root, and
// $XDG_STATE_HOME/signet or ~/.local/state/signet for others. Nothing where HOME is not set. It is not made.
std::optional<std::filesystem::path> state_folder(std::string_view what);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_STATE_FOLDER_H_
