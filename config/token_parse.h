// Reads a [[token]] of the configuration with all that is below it.
#ifndef SIGNET_CONFIG_TOKEN_PARSE_H_
#define SIGNET_CONFIG_TOKEN_PARSE_H_

#include <optional>
#include <string>
#include <string_view>

#include "config/config.h"
#include "config/config_reader.h"
#include "config/serial_maker.h"

namespace signet::config {

Result<TokenConfig, ConfigError> read_token(const TomlNode& node, const std::string& file,
                                            SerialMaker& serials);

// "client_certificate" and "client_key"; nothing where neither is there.
Result<std::optional<ClientCertificate>, ConfigError> read_client_certificate(
    const TableReader& table);

// The pins under `key`, which must be there and name one at least.
Result<pinning::PinSet, ConfigError> read_pins(const TableReader& table, std::string_view key);

// The address under `key`, which must be there: "https://host:port/path", without a trailing slash.
Result<std::string, ConfigError> read_url(const TableReader& table, std::string_view key);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_TOKEN_PARSE_H_
