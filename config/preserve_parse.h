// The table [preserve].
#ifndef SIGNET_CONFIG_PRESERVE_PARSE_H_
#define SIGNET_CONFIG_PRESERVE_PARSE_H_

#include "config/config_reader.h"

namespace signet::config {

Result<PreserveConfig, ConfigError> read_preserve(const TomlNode& node, const std::string& file);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_PRESERVE_PARSE_H_
