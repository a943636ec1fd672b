// Reads [seal] of the configuration with all that is below it.
#ifndef SIGNET_CONFIG_SEAL_PARSE_H_
#define SIGNET_CONFIG_SEAL_PARSE_H_

#include <string>

#include "config/config.h"
#include "config/config_reader.h"

namespace signet::config {

Result<SealConfig, ConfigError> read_seal(const TomlNode& node, const std::string& file);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SEAL_PARSE_H_
