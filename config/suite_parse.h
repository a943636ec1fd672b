// The key "suite" of any table.
#ifndef SIGNET_CONFIG_SUITE_PARSE_H_
#define SIGNET_CONFIG_SUITE_PARSE_H_

#include <string>

#include "config/config_reader.h"

namespace signet::config {

// A shipped suite's name or a file's absolute path; empty where the key is not there. Whether a file is a suite is seen by those
// who read it.
Result<std::string, ConfigError> read_suite(const TableReader& table);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_SUITE_PARSE_H_
