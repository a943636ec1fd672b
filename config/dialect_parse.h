// Reads what a [[token]] says of its dialect.
#ifndef SIGNET_CONFIG_DIALECT_PARSE_H_
#define SIGNET_CONFIG_DIALECT_PARSE_H_

#include <string>

#include "config/config.h"
#include "config/config_reader.h"

namespace signet::config {

// "dialect", [token.csc] and [token.sapiws]. The token's user and client certificate were read before.
Result<void, ConfigError> read_dialect(const TableReader& table, const std::string& file,
                                       TokenConfig& token);

// Whether a member's URL can be one of that dialect.
Result<void, ConfigError> check_path(const TableReader& member, const std::string& url,
                                     Dialect dialect);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_DIALECT_PARSE_H_
