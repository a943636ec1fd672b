#include "signet-cli/config_text.h"

#include <algorithm>
#include <boost/json/value_from.hpp>
#include <cctype>
#include <sstream>
#include <variant>
#include <vector>

#include "common/json_text.h"
#include "config/config_reader.h"
#include "config/config_values.h"

namespace signet::cli {

namespace {

using Tables = boost::json::object;  // in the order in which they are printed
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
  Tables json;
  for (const auto& [key, value] : values) {
    std::visit([&, name = key](const auto& known) { json[name] = known; }, value);
  }
  return json;
}

boost::json::array json_of(const pinning::PinSet& pins) {
  boost::json::array list;
  for (const pinning::Pin& pin : pins.all()) list.emplace_back(pin.text());
  return list;
}

Tables json_of(const config::MemberConfig& member) {
  Tables json = {{"url", member.url}, {"pins", json_of(member.pins)}};
  if (!member.ca_file.empty()) json["ca_file"] = member.ca_file;
  return json;
}

Tables json_of(const config::CscConfig& csc, const std::string& user) {
  Tables json = {{"access", config::name_of(csc.access)},
                 {"client_id", csc.client_id.empty() ? user : csc.client_id}};
  if (csc.secret) json["secret"] = credential_text(*csc.secret);
  json["scope"] = csc.scope;
  if (!csc.oauth2_url.empty()) {
    json["oauth2_url"] = csc.oauth2_url;
    json["oauth2_pins"] = json_of(csc.oauth2_pins);
  }
  json["asynchronous"] = csc.asynchronous;
  if (csc.keys.empty()) return json;
  boost::json::array keys;
  for (const auto& [credential, label] : csc.keys) {
    keys.push_back(Tables{{"credential", credential}, {"label", label}});
  }
  json["key"] = std::move(keys);
  return json;
}

Tables json_of(const config::TokenConfig& token) {
  Tables json = {{"label", token.label},
                 {"user", token.user},
                 {"dialect", config::name_of(token.dialect)},
                 {"serial", token.serial}};
  if (!token.administrator.empty()) json["administrator"] = token.administrator;
  if (token.credential) json["credential"] = credential_text(*token.credential);
  if (token.client_certificate) {
    json["client_certificate"] = token.client_certificate->certificate;
    json["client_key"] = token.client_certificate->key;
  }
  json["sha1_signatures"] = token.sha1_signatures;
  json["ec_point"] = token.ec_point == config::TokenConfig::EcPoint::der ? "der" : "raw";
  if (token.dialect == config::Dialect::csc) json["csc"] = json_of(token.csc, token.user);
  if (token.dialect == config::Dialect::sapiws) json["sapiws"] = json_of(values_of(token.sapiws));
  json["limits"] = json_of(config::values_of(token.limits));
  boost::json::array members;
  for (const auto& member : token.members) members.push_back(json_of(member));
  json["member"] = std::move(members);
  return json;
}

Tables json_of(const config::TsaConfig& tsa) {
  Tables json = {{"url", tsa.url}};
  const auto add = [&](const char* key, const std::string& value) {
    if (!value.empty()) json[key] = value;
  };
  add("ca_file", tsa.ca_file);
  add("policy", tsa.policy);
  add("user", tsa.user);
  if (tsa.password) json["password"] = credential_text(*tsa.password);
  if (tsa.client_certificate) {
    json["client_certificate"] = tsa.client_certificate->certificate;
    json["client_key"] = tsa.client_certificate->key;
  }
  if (!tsa.pins.all().empty()) json["pins"] = json_of(tsa.pins);
  add("tls_ca_file", tsa.tls_ca_file);
  json["limit"] = config::duration_text(tsa.limit);
  json["clock_distance"] = config::duration_text(tsa.clock_distance);
  return json;
}

// What is set; the defaults of the rest depend on the key and on what else is set.
Tables json_of(const config::SealSettings& seal) {
  Tables json;
  for (const config::SealText& text : config::seal_texts())
    if (const auto& value = seal.*text.member) json[text.key] = *value;
  for (const config::SealFlag& flag : config::seal_flags())
    if (const auto& value = seal.*flag.member) json[flag.key] = *value;
  if (seal.jobs) json["jobs"] = *seal.jobs;
  boost::json::array authorities;
  for (const config::TsaConfig& authority : seal.tsa) authorities.push_back(json_of(authority));
  if (!authorities.empty()) json["tsa"] = std::move(authorities);
  return json;
}

Tables json_of(const config::SealConfig& seal) {
  Tables json = json_of(seal.common);
  Tables profiles;
  for (const auto& [name, settings] : seal.profiles) profiles[name] = json_of(settings);
  if (!profiles.empty()) json["profile"] = std::move(profiles);
  return json;
}

Tables json_of(const config::PreserveConfig& preserve) {
  Tables json = {{"margin", preserve.margin},
                 {"online", preserve.online},
                 {"jobs", preserve.jobs},
                 {"batch", preserve.batch}};
  const auto add = [&json](const char* key, const auto& value) {
    if (!value.empty()) json[key] = boost::json::value_from(value);
  };
  add("register", preserve.register_file);
  add("trust", preserve.trust);
  add("trusted_lists", preserve.trusted_lists);
  add("journal", preserve.journal);
  add("suite", preserve.suite);
  add("profile", preserve.profile);
  add("online_hosts", preserve.online_hosts);
  // Without "online" it may not be there.
  if (preserve.online) json["online_limit"] = preserve.online_limit;
  add("online_proxy", preserve.online_proxy);
  add("cache", preserve.cache);
  return json;
}

Tables json_of(const Config& config) {
  Tables json = {{"cache_dir", config.cache_dir.string()}, {"suite", config.suite}};
  json["log"] = json_of(config::values_of(config.log));
  if (!config.metrics.dir.empty()) json["metrics"] = json_of(config::values_of(config.metrics));
  json["self_check"] = json_of(config::values_of(config.self_check));
  if (config.seal != config::SealConfig()) json["seal"] = json_of(config.seal);
  if (config.preserve != config::PreserveConfig()) json["preserve"] = json_of(config.preserve);
  boost::json::array tokens;
  for (const auto& token : config.tokens) tokens.push_back(json_of(token));
  json["token"] = std::move(tokens);
  return json;
}

// A profile may have any name.
std::string toml_key(std::string_view key) {
  const bool bare = !key.empty() && std::ranges::all_of(key, [](unsigned char c) {
    return c < 0x80 && (std::isalnum(c) != 0 || c == '-' || c == '_');
  });
  return bare ? std::string(key) : json_text(boost::json::string(key));
}

// One table with those below it. TOML wants a table's own values first. Strings, numbers, flags and lists of strings are
// written in TOML as in JSON.
void print_toml(const Tables& table, const std::string& name, std::ostream& out) {
  const auto tables_in = [](const boost::json::value& value) {
    return value.is_array() && (value.get_array().empty() || value.get_array().front().is_object());
  };
  for (const auto& [key, value] : table) {
    if (!value.is_object() && !tables_in(value))
      out << std::string_view(key) << " = " << json_text(value) << '\n';
  }
  for (const auto& [key, value] : table) {
    const std::string below = (name.empty() ? "" : name + ".") + toml_key(key);
    if (value.is_object()) {
      out << "\n[" << below << "]\n";
      print_toml(value.get_object(), below, out);
    } else if (tables_in(value)) {
      for (const auto& item : value.get_array()) {
        out << "\n[[" << below << "]]\n";
        print_toml(item.get_object(), below, out);
      }
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
