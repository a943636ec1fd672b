#include "pinning/config_keys.h"

#include <algorithm>
#include <array>

namespace signet::pinning {

namespace {

constexpr std::array kKeys = std::to_array<KeyRule>({
    {"", "cache_dir", ValueType::text, "see below"},
    {"", "log", ValueType::table, "none"},
    {"", "metrics", ValueType::table, "none"},
    {"", "token", ValueType::tables, "none"},

    {"log", "level", ValueType::text, "\"warn\""},
    {"log", "to", ValueType::text, "\"stderr\""},
    {"log", "format", ValueType::text, "\"text\""},

    {"metrics", "dir", ValueType::text, "required"},
    {"metrics", "interval", ValueType::duration, "\"10s\""},

    {"token", "label", ValueType::text, "required"},
    {"token", "user", ValueType::text, "required"},
    {"token", "credential", ValueType::text, "none"},
    {"token", "client_certificate", ValueType::text, "none"},
    {"token", "client_key", ValueType::text, "none"},
    {"token", "sha1_signatures", ValueType::flag, "false"},
    {"token", "limits", ValueType::table, "none"},
    {"token", "member", ValueType::tables, "required"},

    {"token.limits", "call", ValueType::duration, "\"30s\""},
    {"token.limits", "key_generation", ValueType::duration, "\"2m\""},
    {"token.limits", "connect", ValueType::duration, "\"3s\""},
    {"token.limits", "sign_attempt", ValueType::duration, "\"5s\""},
    {"token.limits", "generate_attempt", ValueType::duration, "\"1m\""},
    {"token.limits", "idle", ValueType::duration, "\"30s\""},
    {"token.limits", "connections", ValueType::count, "16"},

    {"token.member", "url", ValueType::text, "required"},
    {"token.member", "pins", ValueType::texts, "required"},
    {"token.member", "ca_file", ValueType::text, "none"},
});

}  // namespace

std::string_view name_of(ValueType type) {
  switch (type) {
    case ValueType::text:
      return "string";
    case ValueType::texts:
      return "list of strings";
    case ValueType::flag:
      return "true or false";
    case ValueType::count:
      return "whole number";
    case ValueType::duration:
      return "duration";
    case ValueType::table:
      return "table";
    case ValueType::tables:
      break;
  }
  return "tables";
}

std::span<const KeyRule> config_keys() {
  return kKeys;
}

const KeyRule* find_rule(std::string_view table, std::string_view key) {
  const auto rule = std::ranges::find_if(kKeys, [&](const KeyRule& candidate) {
    return candidate.table == table && candidate.key == key;
  });
  return rule == kKeys.end() ? nullptr : &*rule;
}

std::vector<std::string_view> keys_of(std::string_view table) {
  std::vector<std::string_view> keys;
  for (const KeyRule& rule : kKeys) {
    if (rule.table == table) keys.push_back(rule.key);
  }
  return keys;
}

}  // namespace signet::pinning
