// A configuration in force as text, with every default: what `signet config show` prints. Never a password, and
// never the arguments of a credential's command.
#ifndef SIGNET_SIGNET_CLI_CONFIG_TEXT_H_
#define SIGNET_SIGNET_CLI_CONFIG_TEXT_H_

#include <boost/json/object.hpp>
#include <string>

#include "config/config.h"

namespace signet::cli {

// The tables of the configuration as objects, tables that may stand several times as lists.
boost::json::object config_json(const config::Config& config);

// A configuration file; read again it gives the same configuration, but for the arguments of commands ("…").
std::string config_toml(const config::Config& config);

}  // namespace signet::cli

#endif  // SIGNET_SIGNET_CLI_CONFIG_TEXT_H_
