// Every key that a configuration may have: the one list behind the check of unknown keys and types,
// and against which docs/configuration.md is tested.
#ifndef SIGNET_CONFIG_CONFIG_KEYS_H_
#define SIGNET_CONFIG_CONFIG_KEYS_H_

#include <span>
#include <string_view>
#include <vector>

namespace signet::config {

enum class ValueType { text, texts, flag, count, duration, table, tables };

// "string", "list of strings", "true or false", "whole number", "duration", "table", "tables"
std::string_view name_of(ValueType type);

// When a changed value counts in a process that has loaded the module already.
enum class Effect {
  at_once,  // within seconds
  restart,  // not before C_Finalize and the next C_Initialize
};

struct KeyRule {
  std::string_view table;  // "", "log", "metrics", "token", "token.limits", "token.member"
  std::string_view key;
  ValueType type;
  std::string_view fallback;  // the default as the documentation shows it; "required", or "none"
  Effect effect = Effect::restart;
};

std::span<const KeyRule> config_keys();

const KeyRule* find_rule(std::string_view table, std::string_view key);

// The names of all keys of one table.
std::vector<std::string_view> keys_of(std::string_view table);

}  // namespace signet::config

#endif  // SIGNET_CONFIG_CONFIG_KEYS_H_
