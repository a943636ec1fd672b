#include "seal-server/program/settings.h"

#include <fmt/format.h>

#include <algorithm>
#include <iterator>
#include <stdexcept>
#include <utility>

#include "common/bounded_file.h"
#include "common/private_file.h"
#include "config/toml_tree.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxSettings = 64 * 1024;  // bytes
constexpr const char* kSettingsFile = "seald.toml";
constexpr const char* kKeyFile = "log.key";
constexpr const char* kSettingNames[] = {
    "origin", "address",           "port",       "database", "certificates",
    "key",    "authentication-ca", "sealing-ca", "ca-file"};

std::string text_setting(const config::TomlNode& table, const char* name) {
  const config::TomlNode* node = table.find(name);
  if (node == nullptr) return {};
  if (node->kind != config::TomlNode::Kind::text)
    throw std::runtime_error(std::string(kSettingsFile) + ": " + name + " must be a text.");
  return node->text;
}

std::uint16_t port_setting(const config::TomlNode& table) {
  const config::TomlNode* node = table.find("port");
  const bool good = node != nullptr && node->kind == config::TomlNode::Kind::integer &&
                    node->integer >= 0 && node->integer <= UINT16_MAX;
  if (!good)
    throw std::runtime_error(std::string(kSettingsFile) + ": port must be a number to 65535.");
  return static_cast<std::uint16_t>(node->integer);
}

void check_names(const config::TomlNode& table) {
  for (const config::TomlEntry& entry : table.entries) {
    if (std::ranges::find(kSettingNames, entry.key) == std::end(kSettingNames))
      throw std::runtime_error(std::string(kSettingsFile) + ": there is no setting " + entry.key +
                               ".");
  }
}

// A basic string of TOML.
std::string quoted(const std::string& text) {
  std::string quoted = "\"";
  for (const char c : text) {
    if (c >= 0 && c < ' ') throw std::runtime_error("A setting has a control character.");
    if (c == '"' || c == '\\') quoted.push_back('\\');
    quoted.push_back(c);
  }
  return quoted + "\"";
}

std::string text_of_settings(const Settings& settings) {
  std::string text = fmt::format(
      "origin       = {}  # the log's name, in its checkpoints\n"
      "address      = {}\n"
      "port         = {}\n"
      "certificates = {}\n"
      "key          = {}\n",
      quoted(settings.origin), quoted(settings.address), settings.port,
      quoted(settings.certificates.string()), quoted(settings.key.string()));
  if (!settings.database.empty())
    text += fmt::format("database     = {}\n", quoted(settings.database));
  const std::pair<const char*, const std::string&> ways[] = {
      {"authentication-ca", settings.authentication_ca},
      {"sealing-ca", settings.sealing_ca},
      {"ca-file", settings.ca_file}};
  for (const auto& [name, value] : ways)
    if (!value.empty()) text += fmt::format("{} = {}\n", name, quoted(value));
  return text;
}

}  // namespace

ServerFolder ServerFolder::init(const std::filesystem::path& folder, const Settings& settings) {
  if (std::filesystem::exists(folder / kSettingsFile))
    throw std::runtime_error(folder.string() + " is the folder of a seal server already.");
  const auto prepared = prepare_folder(folder, Folder::own);
  if (!prepared)
    throw std::runtime_error(folder.string() + ": " + prepared.assume_error().sentence);
  LogKey::generate(settings.origin).write(folder / kKeyFile);
  const auto written = replace_private_file(
      folder / kSettingsFile, view_of(text_of_settings(settings)), Durability::durable);
  if (!written) throw std::runtime_error(written.assume_error().sentence);
  return {folder, settings};
}

ServerFolder ServerFolder::open(const std::filesystem::path& folder) {
  const auto text = read_file(folder / kSettingsFile, kMaxSettings);
  if (!text) throw std::runtime_error(text.assume_error().sentence);
  const auto table = config::parse_toml(text_of(text.assume_value()));
  if (!table)
    throw std::runtime_error(std::string(kSettingsFile) + ": " + table.assume_error().sentence);
  const config::TomlNode& node = table.assume_value();
  check_names(node);
  return {folder, Settings{.origin = text_setting(node, "origin"),
                           .address = text_setting(node, "address"),
                           .port = port_setting(node),
                           .database = text_setting(node, "database"),
                           .certificates = text_setting(node, "certificates"),
                           .key = text_setting(node, "key"),
                           .authentication_ca = text_setting(node, "authentication-ca"),
                           .sealing_ca = text_setting(node, "sealing-ca"),
                           .ca_file = text_setting(node, "ca-file")}};
}

std::string ServerFolder::database() const {
  return settings_.database.empty() ? (folder_ / "seald.db").string() : settings_.database;
}

LogKey ServerFolder::log_key() const {
  return LogKey::read(settings_.origin, folder_ / kKeyFile);
}

Sequencer::Options ServerFolder::sequencer_options() const {
  return {.database = database(),
          .checkpoint_file = folder_ / "checkpoint",
          .outside_file = folder_ / "revocations"};
}

}  // namespace signet::sealserver
