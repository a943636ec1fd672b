#include "seal-server/program/settings.h"

#include <fmt/format.h>

#include <sstream>
#include <stdexcept>

#include "common/bounded_file.h"
#include "common/private_file.h"
#include "config/toml_tree.h"

namespace signet::sealserver {

namespace {

constexpr std::size_t kMaxSettings = 64 * 1024;  // bytes
constexpr const char* kSettingsFile = "seald.toml";
constexpr const char* kKeyFile = "log.key";
constexpr std::string_view kOrigin = "origin";

std::string text_setting(const config::TomlNode& table, const char* name) {
  const config::TomlNode* node = table.find(name);
  if (node == nullptr) return {};
  if (node->kind != config::TomlNode::Kind::text)
    throw std::runtime_error(std::string(kSettingsFile) + ": " + name + " must be a text.");
  return node->text;
}

// A text, or a list of them.
std::vector<std::string> list_setting(const config::TomlNode& table, const char* name) {
  using Kind = config::TomlNode::Kind;
  const config::TomlNode* node = table.find(name);
  if (node == nullptr) return {};
  if (node->kind == Kind::text) return {node->text};
  std::vector<std::string> texts;
  for (const config::TomlNode& item : node->items)
    if (item.kind == Kind::text) texts.push_back(item.text);
  if (node->kind != Kind::list || texts.size() != node->items.size())
    throw std::runtime_error(std::string(kSettingsFile) + ": " + name +
                             " must be a text or a list of texts.");
  return texts;
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
    if (entry.key != "origin" && entry.key != "address" && entry.key != "port" &&
        entry.key != "database" && entry.key != "certificates" && entry.key != "key" &&
        entry.key != "tsa" && entry.key != "tsa_ca")
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
  std::string authorities;
  for (const std::string& url : settings.tsa)
    authorities += (authorities.empty() ? "" : ", ") + quoted(url);
  if (!authorities.empty()) text += fmt::format("tsa          = [{}]\n", authorities);
  if (!settings.tsa_ca.empty())
    text += fmt::format("tsa_ca       = {}\n", quoted(settings.tsa_ca.string()));
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
                           .tsa = list_setting(node, "tsa"),
                           .tsa_ca = text_setting(node, "tsa_ca")}};
}

std::string ServerFolder::database() const {
  return settings_.database.empty() ? (folder_ / "seald.db").string() : settings_.database;
}

LogKey ServerFolder::log_key() const {
  return LogKey::read(settings_.origin, folder_ / kKeyFile);
}

LogKey ServerFolder::next_log_key(const std::string& origin) const {
  if (std::filesystem::exists(next_key_file())) return LogKey::read(origin, next_key_file());
  LogKey key = LogKey::generate(origin);
  key.write(next_key_file());
  return key;
}

void ServerFolder::take_next_log_key(const std::string& origin) const {
  if (!std::filesystem::exists(next_key_file())) return;
  // Durable under its name before the other name goes.
  LogKey::read(origin, next_key_file()).write(folder_ / kKeyFile);
  std::filesystem::remove(next_key_file());
}

void ServerFolder::set_origin(const std::string& origin) const {
  const auto text = read_file(folder_ / kSettingsFile, kMaxSettings);
  if (!text) throw std::runtime_error(text.assume_error().sentence);
  std::istringstream lines{std::string(text_of(text.assume_value()))};
  std::string changed;
  for (std::string line; std::getline(lines, line);) {
    const bool is_origin = line.starts_with(kOrigin) &&
                           line.find_first_not_of(" \t", kOrigin.size()) != line.npos &&
                           line[line.find_first_not_of(" \t", kOrigin.size())] == '=';
    changed += (is_origin ? "origin       = " + quoted(origin) : line) + "\n";
  }
  const auto written =
      replace_private_file(folder_ / kSettingsFile, view_of(changed), Durability::durable);
  if (!written) throw std::runtime_error(written.assume_error().sentence);
}

Sequencer::Options ServerFolder::sequencer_options() const {
  Sequencer::Options options{.database = database(), .checkpoint_file = checkpoint_file()};
  options.read_key = [*this] { return log_key(); };
  return options;
}

}  // namespace signet::sealserver
