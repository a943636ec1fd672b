// Where things are by default. A process that runs with raised rights ignores the environment; a
// variable that is empty or not an absolute path counts as unset.
#ifndef SIGNET_CONFIG_DEFAULT_FOLDERS_H_
#define SIGNET_CONFIG_DEFAULT_FOLDERS_H_

#include <filesystem>
#include <string>

namespace signet::config {

// Empty where the variable is unset, empty or must be ignored.
std::string environment(const char* name);

// $XDG_CACHE_HOME/signet, $HOME/.cache/signet, or /var/cache/signet where neither is set.
std::filesystem::path default_cache_dir();

// $XDG_CONFIG_HOME/signet/signet.toml, $HOME/.config/signet/signet.toml; empty where neither is
// set.
std::filesystem::path user_config_file();

inline constexpr const char* kSystemConfigFile = "/etc/signet/signet.toml";

}  // namespace signet::config

#endif  // SIGNET_CONFIG_DEFAULT_FOLDERS_H_
