#include "signet-cli/config_text.h"

#include <algorithm>
#include <nlohmann/json.hpp>
#include <sstream>
#include <variant>
#include <vector>

#include "config/config_values.h"

namespace signet::cli {

namespace {

using Tables = nlohmann::ordered_json;  // in the order in which they are printed
using config::Config;
using config::CredentialSource;

// Where a password comes from. A command's arguments are left out: they may be secrets of its own.
std::string credential_text(const CredentialSource& source) {
  switch (source.kind) {
    case CredentialSource::Kind::file:
      return "file:" + source.name;
    case CredentialSource::Kind::environment:
      return "env:" + source.name;
    case CredentialSource::Kind::systemd_credential:
      return "systemd:" + source.name;
    case CredentialSource::Kind::command:
      break;
  }
  const std::size_t blank = source.name.find_first_of(" \t");
  return "command:" + source.name.substr(0, blank) + (blank == std::string::npos ? "" : " …");
}

Tables json_of(const std::vector<config::NamedValue>& values) {
  Tables json = Tables::object();
  for (const auto& [key, value] : values) {
    std::visit([&, name = key](const auto& known) { json[std::string(name)] = known; }, value);
  }
  return json;
}

Tables json_of(const config::MemberConfig& member) {
  Tables json = {{"url", member.url}, {"pins", Tables::array()}};
  const std::string pins = member.pins.text();
  for (std::size_t at = 0; at < pins.size();) {
    const std::size_t end = std::min(pins.find(';', at), pins.size());
    json["pins"].push_back(pins.substr(at, end - at));
    at = end + 1;
  }
  if (!member.ca_file.empty()) json["ca_file"] = member.ca_file;
  return json;
}

Tables json_of(const config::TokenConfig& token) {
  Tables json = {{"label", token.label}, {"user", token.user}};
  if (!token.administrator.empty()) json["administrator"] = token.administrator;
  if (token.credential) json["credential"] = credential_text(*token.credential);
  if (token.client_certificate) {
    json["client_certificate"] = token.client_certificate->certificate;
    json["client_key"] = token.client_certificate->key;
  }
  json["sha1_signatures"] = token.sha1_signatures;
  json["limits"] = json_of(config::values_of(token.limits));
  json["member"] = Tables::array();
  for (const auto& member : token.members) json["member"].push_back(json_of(member));
  return json;
}

Tables json_of(const Config& config) {
  Tables json = {{"cache_dir", config.cache_dir.string()}};
  json["log"] = json_of(config::values_of(config.log));
  if (!config.metrics.dir.empty()) json["metrics"] = json_of(config::values_of(config.metrics));
  json["self_check"] = json_of(config::values_of(config.self_check));
  json["token"] = Tables::array();
  for (const auto& token : config.tokens) json["token"].push_back(json_of(token));
  return json;
}

// Values in TOML: strings (whose JSON form is a TOML basic string, once DEL is escaped), numbers, flags
// and lists of strings.
std::string toml_value(const Tables& value) {
  std::string text = value.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  for (std::size_t at = text.find('\x7F'); at != std::string::npos; at = text.find('\x7F', at)) {
    text.replace(at, 1, "\\u007f");
  }
  return text;
}

bool is_table(const Tables& value) {
  return value.is_object() || (value.is_array() && !value.empty() && value.front().is_object());
}

// One table with those below it. TOML wants a table's own values first.
void print_toml(const Tables& table, const std::string& name, std::ostream& out) {
  for (const auto& [key, value] : table.items()) {
    if (!is_table(value) && !(value.is_array() && value.empty())) {
      out << key << " = " << toml_value(value) << '\n';
    }
  }
  for (const auto& [key, value] : table.items()) {
    if (!is_table(value)) continue;
    const std::string below = name.empty() ? key : name + "." + key;
    if (value.is_object()) {
      out << "\n[" << below << "]\n";
      print_toml(value, below, out);
      continue;
    }
    for (const Tables& item : value) {
      out << "\n[[" << below << "]]\n";
      print_toml(item, below, out);
    }
  }
}

}  // namespace

Tables config_json(const Config& config) {
  return json_of(config);
}

std::string config_toml(const Config& config) {
  std::ostringstream text;
  print_toml(json_of(config), "", text);
  return std::move(text).str();
}

}  // namespace signet::cli
