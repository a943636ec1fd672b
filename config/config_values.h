// The values of a configuration in force by the names of their keys, as a file would write them: for showing it, and
// for comparing defaults with the documentation.
#ifndef SIGNET_CONFIG_CONFIG_VALUES_H_
#define SIGNET_CONFIG_CONFIG_VALUES_H_

#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "config/config.h"

namespace signet::config {

struct NamedValue {
  std::string_view key;  // of config_keys()
  std::variant<std::string, bool, unsigned> value;
};

// Every key of the table, in the order in which they are documented.
std::vector<NamedValue> values_of(const log::Options& log);
std::vector<NamedValue> values_of(const MetricsConfig& metrics);
std::vector<NamedValue> values_of(const SelfCheck& self_check);
std::vector<NamedValue> values_of(const Limits& limits);
std::vector<NamedValue> values_of(const SapiwsConfig& sapiws);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CONFIG_VALUES_H_
