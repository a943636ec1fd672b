#include "config/default_folders.h"

#include <cstdlib>

namespace signet::config {

namespace {

// The folder that `variable` names, or `below` in the home folder; empty where neither is known.
std::filesystem::path user_folder(const char* variable, const char* below) {
  const std::filesystem::path named = environment(variable);
  if (named.is_absolute()) return named;
  const std::filesystem::path home = environment("HOME");
  return home.is_absolute() ? home / below : std::filesystem::path();
}

}  // namespace

std::string environment(const char* name) {
  const char* const value = secure_getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

std::filesystem::path default_cache_dir() {
  const auto folder = user_folder("XDG_CACHE_HOME", ".cache");
  return folder.empty() ? std::filesystem::path("/var/cache/signet") : folder / "signet";
}

std::filesystem::path user_config_file() {
  const auto folder = user_folder("XDG_CONFIG_HOME", ".config");
  return folder.empty() ? folder : folder / "signet" / "signet.toml";
}

}  // namespace signet::config
