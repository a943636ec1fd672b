#include "config/config_keys.h"

#include <algorithm>
#include <array>

namespace signet::config {

namespace {

constexpr Effect kAtOnce = Effect::at_once;
constexpr Effect kRestart = Effect::restart;

constexpr std::array kKeys = std::to_array<KeyRule>({
    {"", "cache_dir", ValueType::text, "see below", kRestart},
    {"", "log", ValueType::table, "none", kAtOnce},
    {"", "metrics", ValueType::table, "none", kRestart},
    {"", "preserve", ValueType::table, "none", kAtOnce},
    {"", "seal", ValueType::table, "none", kAtOnce},
    {"", "self_check", ValueType::table, "none", kAtOnce},
    {"", "suite", ValueType::text, "\"119312-2.1.1\"", kAtOnce},
    {"", "token", ValueType::tables, "none", kRestart},

    {"log", "level", ValueType::text, "\"warn\"", kAtOnce},
    {"log", "to", ValueType::text, "\"stderr\"", kRestart},
    {"log", "format", ValueType::text, "\"text\"", kRestart},

    {"metrics", "dir", ValueType::text, "required", kRestart},
    {"metrics", "interval", ValueType::duration, "\"10s\"", kRestart},

    {"preserve", "register", ValueType::text, "see below", kAtOnce},
    {"preserve", "margin", ValueType::count, "90", kAtOnce},
    {"preserve", "trust", ValueType::texts, "none", kAtOnce},
    {"preserve", "trusted_lists", ValueType::text, "none", kAtOnce},
    {"preserve", "journal", ValueType::texts, "none", kAtOnce},
    {"preserve", "suite", ValueType::text, "none", kAtOnce},
    {"preserve", "profile", ValueType::text, "none", kAtOnce},
    {"preserve", "online", ValueType::flag, "false", kAtOnce},
    {"preserve", "online_hosts", ValueType::texts, "none", kAtOnce},
    {"preserve", "online_limit", ValueType::count, "64", kAtOnce},
    {"preserve", "online_proxy", ValueType::text, "none", kAtOnce},
    {"preserve", "cache", ValueType::text, "none", kAtOnce},
    {"preserve", "jobs", ValueType::count, "4", kAtOnce},
    {"preserve", "batch", ValueType::count, "64", kAtOnce},

    {"self_check", "enabled", ValueType::flag, "true", kAtOnce},
    {"self_check", "every", ValueType::duration, "\"15m\"", kAtOnce},

    {"token", "label", ValueType::text, "required", kRestart},
    {"token", "user", ValueType::text, "required", kRestart},
    {"token", "dialect", ValueType::text, "\"native\"", kRestart},
    {"token", "serial", ValueType::text, "see below", kRestart},
    {"token", "administrator", ValueType::text, "none", kAtOnce},
    {"token", "credential", ValueType::text, "none", kAtOnce},
    {"token", "client_certificate", ValueType::text, "none", kAtOnce},
    {"token", "client_key", ValueType::text, "none", kAtOnce},
    {"token", "sha1_signatures", ValueType::flag, "false", kRestart},
    {"token", "ec_point", ValueType::text, "\"raw\"", kRestart},
    {"token", "csc", ValueType::table, "none", kAtOnce},
    {"token", "sapiws", ValueType::table, "none", kAtOnce},
    {"token", "limits", ValueType::table, "none", kAtOnce},
    {"token", "member", ValueType::tables, "required", kAtOnce},

    {"token.limits", "call", ValueType::duration, "\"30s\"", kAtOnce},
    {"token.limits", "key_generation", ValueType::duration, "\"2m\"", kAtOnce},
    {"token.limits", "connect", ValueType::duration, "\"3s\"", kAtOnce},
    {"token.limits", "sign_attempt", ValueType::duration, "\"5s\"", kAtOnce},
    {"token.limits", "generate_attempt", ValueType::duration, "\"1m\"", kAtOnce},
    {"token.limits", "idle", ValueType::duration, "\"30s\"", kAtOnce},
    {"token.limits", "refresh", ValueType::duration, "\"5m\"", kAtOnce},
    {"token.limits", "connections", ValueType::count, "16", kAtOnce},
    {"token.limits", "resign", ValueType::flag, "false", kAtOnce},

    {"token.csc", "access", ValueType::text, "\"oauth2\"", kAtOnce},
    {"token.csc", "client_id", ValueType::text, "user", kAtOnce},
    {"token.csc", "secret", ValueType::text, "none", kAtOnce},
    {"token.csc", "scope", ValueType::text, "\"service\"", kAtOnce},
    {"token.csc", "oauth2_url", ValueType::text, "see below", kAtOnce},
    {"token.csc", "oauth2_pins", ValueType::texts, "none", kAtOnce},
    {"token.csc", "asynchronous", ValueType::flag, "false", kAtOnce},
    {"token.csc", "key", ValueType::tables, "none", kAtOnce},

    {"token.csc.key", "credential", ValueType::text, "required", kAtOnce},
    {"token.csc.key", "label", ValueType::text, "required", kAtOnce},

    {"token.sapiws", "domain", ValueType::text, "none", kAtOnce},
    {"token.sapiws", "selector", ValueType::text, "\"certificate\"", kAtOnce},
    {"token.sapiws", "pkcs1_flag", ValueType::flag, "false", kAtOnce},
    {"token.sapiws", "pss", ValueType::flag, "false", kRestart},
    {"token.sapiws", "prompt_for_sign", ValueType::flag, "false", kAtOnce},

    {"token.member", "url", ValueType::text, "required", kAtOnce},
    {"token.member", "pins", ValueType::texts, "required", kAtOnce},
    {"token.member", "ca_file", ValueType::text, "none", kAtOnce},

    {"seal", "module", ValueType::text, "Signet's", kAtOnce},
    {"seal", "token", ValueType::text, "see below", kAtOnce},
    {"seal", "key", ValueType::text, "see below", kAtOnce},
    {"seal", "id", ValueType::text, "none", kAtOnce},
    {"seal", "pin_file", ValueType::text, "none", kAtOnce},
    {"seal", "sign_pin_file", ValueType::text, "none", kAtOnce},
    {"seal", "cert", ValueType::text, "none", kAtOnce},
    {"seal", "chain", ValueType::text, "none", kAtOnce},
    {"seal", "format", ValueType::text, "see below", kAtOnce},
    {"seal", "form", ValueType::text, "\"external\"", kAtOnce},
    {"seal", "ber", ValueType::flag, "false", kAtOnce},
    {"seal", "level", ValueType::text, "see below", kAtOnce},
    {"seal", "hash", ValueType::text, "see below", kAtOnce},
    {"seal", "pss", ValueType::flag, "false", kAtOnce},
    {"seal", "commitment", ValueType::text, "none", kAtOnce},
    {"seal", "country", ValueType::text, "none", kAtOnce},
    {"seal", "locality", ValueType::text, "none", kAtOnce},
    {"seal", "media_type", ValueType::text, "none", kAtOnce},
    {"seal", "file_name", ValueType::flag, "false", kAtOnce},
    {"seal", "reason", ValueType::text, "none", kAtOnce},
    {"seal", "location", ValueType::text, "none", kAtOnce},
    {"seal", "contact", ValueType::text, "none", kAtOnce},
    {"seal", "field", ValueType::text, "none", kAtOnce},
    {"seal", "certify", ValueType::text, "none", kAtOnce},
    {"seal", "pdf_password_file", ValueType::text, "none", kAtOnce},
    {"seal", "ignore_xfa", ValueType::flag, "false", kAtOnce},
    {"seal", "repair_ok", ValueType::flag, "false", kAtOnce},
    {"seal", "visible", ValueType::text, "none", kAtOnce},
    {"seal", "text", ValueType::text, "see there", kAtOnce},
    {"seal", "image", ValueType::text, "none", kAtOnce},
    {"seal", "background", ValueType::text, "none", kAtOnce},
    {"seal", "font", ValueType::text, "DejaVu Sans", kAtOnce},
    {"seal", "on_tsa_failure", ValueType::text, "\"fail\"", kAtOnce},
    {"seal", "jobs", ValueType::count, "4", kAtOnce},
    {"seal", "tsa", ValueType::tables, "none", kAtOnce},
    {"seal", "profile", ValueType::table, "none", kAtOnce},

    {"seal.tsa", "url", ValueType::text, "required", kAtOnce},
    {"seal.tsa", "ca_file", ValueType::text, "none", kAtOnce},
    {"seal.tsa", "policy", ValueType::text, "none", kAtOnce},
    {"seal.tsa", "user", ValueType::text, "none", kAtOnce},
    {"seal.tsa", "password", ValueType::text, "none", kAtOnce},
    {"seal.tsa", "client_certificate", ValueType::text, "none", kAtOnce},
    {"seal.tsa", "client_key", ValueType::text, "none", kAtOnce},
    {"seal.tsa", "pins", ValueType::texts, "none", kAtOnce},
    {"seal.tsa", "tls_ca_file", ValueType::text, "none", kAtOnce},
    {"seal.tsa", "limit", ValueType::duration, "\"10s\"", kAtOnce},
    {"seal.tsa", "clock_distance", ValueType::duration, "\"5m\"", kAtOnce},
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

}  // namespace signet::config
