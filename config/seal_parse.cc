#include "config/seal_parse.h"

#include <fmt/format.h>

#include <algorithm>

#include "config/suggest.h"
#include "config/token_parse.h"

namespace signet::config {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestValue = 1024;  // bytes
constexpr std::size_t kMostAuthorities = 16;
constexpr std::size_t kMostProfiles = 1000;

Result<std::string, ConfigError> read_line(const TableReader& table, std::string_view key) {
  const TomlNode* const node = table.find(key);
  if (node == nullptr) return std::string();
  if (!node->text.empty() && node->text.size() <= kLongestValue &&
      !has_control_character(node->text))
    return node->text;
  return table.error(*node, fmt::format("\"{}\" must be 1 to {} bytes without control characters",
                                        key, kLongestValue));
}

Result<void, ConfigError> read_value(const TableReader& table, const SealText& text,
                                     SealSettings& into) {
  const TomlNode* const node = table.find(text.key);
  if (node == nullptr) return success();
  std::string value;
  if (text.value == SealValue::path) {
    BOOST_OUTCOME_TRY(value, table.path(text.key));
  } else {
    BOOST_OUTCOME_TRY(value, read_line(table, text.key));
  }
  if (text.value == SealValue::word && !is_one_of(value, text.words))
    return table.error(*node, fmt::format("\"{}\" is \"{}\", but must be {}{}", text.key, value,
                                          one_of(text.words), suggestion(value, text.words)));
  into.*text.member = std::move(value);
  return success();
}

Result<std::string, ConfigError> read_authority_url(const TableReader& table) {
  BOOST_OUTCOME_TRY(const TomlNode* const node, table.demand("url"));
  const std::string& url = node->text;
  const bool known = url.starts_with("http://") || url.starts_with("https://");
  const bool clean = url.size() <= kLongestValue && !has_control_character(url) &&
                     url.find(' ') == std::string::npos;
  if ((known && clean) || url == kTokenAuthority) return url;
  return table.error(*node,
                     "\"url\" must have the form https://HOST/PATH or http://HOST/PATH, or be "
                     "\"csc:\", for the service of the key's token");
}

Result<TsaConfig, ConfigError> read_authority(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "seal.tsa", file));
  TsaConfig authority;
  BOOST_OUTCOME_TRY(authority.url, read_authority_url(table));
  BOOST_OUTCOME_TRY(authority.ca_file, table.path("ca_file"));
  BOOST_OUTCOME_TRY(authority.policy, read_line(table, "policy"));
  BOOST_OUTCOME_TRY(authority.user, read_line(table, "user"));
  if (const TomlNode* const password = table.find("password")) {
    auto source = CredentialSource::parse(password->text);
    if (!source) return table.error(*password, fmt::format("\"password\": {}", source.error()));
    authority.password = std::move(source).value();
  }
  if (authority.user.empty() == authority.password.has_value())
    return table.error(node, "\"user\" and \"password\" belong together");
  BOOST_OUTCOME_TRY(authority.client_certificate, read_client_certificate(table));
  if (table.find("pins") != nullptr) {
    BOOST_OUTCOME_TRY(authority.pins, read_pins(table, "pins"));
  }
  BOOST_OUTCOME_TRY(authority.tls_ca_file, table.path("tls_ca_file"));
  BOOST_OUTCOME_TRY(table.read_duration("limit", 100ms, 10min, authority.limit));
  BOOST_OUTCOME_TRY(table.read_duration("clock_distance", 1s, 24h, authority.clock_distance));
  const bool proves = authority.password || authority.client_certificate;
  const bool is_told_of_tls = proves || !authority.pins.empty() || !authority.tls_ca_file.empty();
  if (is_told_of_tls && authority.url == kTokenAuthority)
    return table.error(node,
                       "the token knows how its service is reached: beside the url \"csc:\" stand "
                       "ca_file, policy, limit and clock_distance only");
  if (proves && authority.url.starts_with("http://"))
    return table.error(node,
                       "\"url\" must begin with https:// where a password or a client certificate "
                       "is given");
  return authority;
}

Result<SealSettings, ConfigError> read_settings(const TableReader& table, const std::string& file) {
  SealSettings settings;
  for (const SealText& text : seal_texts()) {
    BOOST_OUTCOME_TRY(read_value(table, text, settings));
  }
  for (const SealFlag& flag : seal_flags())
    if (const TomlNode* const node = table.find(flag.key)) settings.*flag.member = node->boolean;
  if (table.find("jobs") != nullptr) {
    unsigned jobs = 1;
    BOOST_OUTCOME_TRY(table.read_count("jobs", 1, kMostSealJobs, jobs));
    settings.jobs = jobs;
  }
  const TomlNode* const list = table.find("tsa");
  if (list == nullptr) return settings;
  if (list->items.size() > kMostAuthorities)
    return table.error(*list, fmt::format("there are {} authorities, but there may be {} at most",
                                          list->items.size(), kMostAuthorities));
  for (const TomlNode& item : list->items) {
    BOOST_OUTCOME_TRY(TsaConfig authority, read_authority(item, file));
    settings.tsa.push_back(std::move(authority));
  }
  return settings;
}

}  // namespace

Result<SealConfig, ConfigError> read_seal(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "seal", file));
  SealConfig seal;
  BOOST_OUTCOME_TRY(seal.common, read_settings(table, file));
  const TomlNode* const profiles = table.find("profile");
  if (profiles == nullptr) return seal;
  if (profiles->entries.size() > kMostProfiles)
    return table.error(*profiles, fmt::format("there are {} profiles, but there may be {} at most",
                                              profiles->entries.size(), kMostProfiles));
  for (const TomlEntry& entry : profiles->entries) {
    if (entry.value.kind != TomlNode::Kind::table)
      return error_at(file, entry.at,
                      fmt::format("\"{}\" is not a table: write [seal.profile.NAME]", entry.key));
    BOOST_OUTCOME_TRY(const TableReader profile, TableReader::open(entry.value, "seal", file));
    if (const TomlNode* const inner = profile.find("profile"))
      return profile.error(*inner, "a profile has no profiles of its own");
    BOOST_OUTCOME_TRY(seal.profiles[entry.key], read_settings(profile, file));
  }
  return seal;
}

}  // namespace signet::config
