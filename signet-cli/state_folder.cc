#include "signet-cli/state_folder.h"

#include <unistd.h>

#include "config/default_folders.h"

namespace signet::cli {

namespace fs = std::filesystem;

std::optional<fs::path> state_folder(std::string_view what) {
  if (const std::string given = config::environment("STATE_DIRECTORY"); !given.empty())
    return fs::path(given) / what;
  const fs::path below = fs::path("signet") / what;
  if (::geteuid() == 0) return "/var/lib" / below;
  if (const std::string xdg = config::environment("XDG_STATE_HOME"); !xdg.empty())
    return xdg / below;
  if (const std::string home = config::environment("HOME"); !home.empty())
    return fs::path(home) / ".local/state" / below;
  return std::nullopt;
}

}  // namespace signet::cli
