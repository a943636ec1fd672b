#include "config/dialect_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

#include "config/suggest.h"
#include "config/token_parse.h"

namespace signet::config {

namespace {

using Access = CscConfig::Access;
using Selector = SapiwsConfig::Selector;

constexpr std::size_t kLongestText = 256;  // bytes of a name of the service
constexpr std::size_t kMostKeys = 1000;

// The words of a key, in the order of its enumerators.
constexpr auto kDialects = std::to_array<std::string_view>({"native", "csc", "sapiws"});
constexpr auto kAccesses =
    std::to_array<std::string_view>({"oauth2", "login", "bearer", "certificate", "none"});
constexpr auto kSelectors =
    std::to_array<std::string_view>({"certificate", "ski", "issuer-serial", "none"});

// `into` keeps its value where the key is not there.
template <typename Enum, std::size_t size>
Result<void, ConfigError> read_word(const TableReader& table, std::string_view key,
                                    const std::array<std::string_view, size>& words, Enum& into) {
  const TomlNode* const node = table.find(key);
  if (node == nullptr) return success();
  const auto* const found = std::ranges::find(words, node->text);
  if (found == words.end()) {
    return table.error(*node, fmt::format("\"{}\" is \"{}\", but must be {}{}", key, node->text,
                                          one_of(words), suggestion(node->text, words)));
  }
  into = static_cast<Enum>(found - words.begin());
  return success();
}

Result<void, ConfigError> read_text(const TableReader& table, std::string_view key,
                                    std::string& into) {
  const TomlNode* const node = table.find(key);
  if (node == nullptr) return success();
  if (node->text.empty() || node->text.size() > kLongestText || has_control_character(node->text)) {
    return table.error(*node, fmt::format("\"{}\" must be 1 to {} bytes without control characters",
                                          key, kLongestText));
  }
  into = node->text;
  return success();
}

Result<std::vector<CscConfig::Key>, ConfigError> read_keys(const TableReader& csc,
                                                           const std::string& file) {
  std::vector<CscConfig::Key> keys;
  const TomlNode* const list = csc.find("key");
  if (list == nullptr) return keys;
  if (list->items.size() > kMostKeys) {
    return csc.error(*list, fmt::format("there are {} keys, but there may be {} at most",
                                        list->items.size(), kMostKeys));
  }
  for (const TomlNode& item : list->items) {
    BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(item, "token.csc.key", file));
    CscConfig::Key key;
    BOOST_OUTCOME_TRY(table.demand("credential"));
    BOOST_OUTCOME_TRY(table.demand("label"));
    BOOST_OUTCOME_TRY(read_text(table, "credential", key.credential));
    BOOST_OUTCOME_TRY(read_text(table, "label", key.label));
    if (std::ranges::find(keys, key.credential, &CscConfig::Key::credential) != keys.end()) {
      return table.error(item, fmt::format("the credential \"{}\" appears twice", key.credential));
    }
    keys.push_back(std::move(key));
  }
  return keys;
}

// What each way of access needs.
Result<void, ConfigError> check_access(const TableReader& table, const TomlNode& at,
                                       const CscConfig& csc, bool has_certificate) {
  const std::string access(name_of(csc.access));
  switch (csc.access) {
    case Access::oauth2:
      if (!csc.secret && !has_certificate) {
        return table.error(at,
                           "access \"oauth2\" needs \"secret\", the client secret, or the token's "
                           "client_certificate and client_key");
      }
      break;
    case Access::login:
    case Access::bearer:
      if (!csc.secret) {
        return table.error(
            at, fmt::format("access \"{}\" needs \"secret\", {}", access,
                            csc.access == Access::login ? "the password of the token's user at the "
                                                          "service"
                                                        : "the access token"));
      }
      break;
    case Access::certificate:
      if (!has_certificate) {
        return table.error(
            at, "access \"certificate\" needs the token's client_certificate and client_key");
      }
      break;
    case Access::none:
      break;
  }
  return success();
}

Result<CscConfig, ConfigError> read_csc(const TomlNode& node, const std::string& file,
                                        bool has_certificate) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "token.csc", file));
  CscConfig csc;
  BOOST_OUTCOME_TRY(read_word(table, "access", kAccesses, csc.access));
  BOOST_OUTCOME_TRY(read_text(table, "client_id", csc.client_id));
  if (const TomlNode* const secret = table.find("secret")) {
    auto source = CredentialSource::parse(secret->text);
    if (source.has_error()) {
      return table.error(*secret, fmt::format("\"secret\": {}", source.error()));
    }
    csc.secret = std::move(source).value();
  }
  BOOST_OUTCOME_TRY(read_text(table, "scope", csc.scope));
  if (table.find("oauth2_url") != nullptr || table.find("oauth2_pins") != nullptr) {
    BOOST_OUTCOME_TRY(csc.oauth2_url, read_url(table, "oauth2_url"));
    BOOST_OUTCOME_TRY(csc.oauth2_pins, read_pins(table, "oauth2_pins"));
  }
  if (const TomlNode* const flag = table.find("asynchronous")) csc.asynchronous = flag->boolean;
  BOOST_OUTCOME_TRY(csc.keys, read_keys(table, file));
  BOOST_OUTCOME_TRY(check_access(table, node, csc, has_certificate));
  return csc;
}

Result<SapiwsConfig, ConfigError> read_sapiws(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "token.sapiws", file));
  SapiwsConfig sapiws;
  BOOST_OUTCOME_TRY(read_text(table, "domain", sapiws.domain));
  if (const TomlNode* const flag = table.find("pkcs1_flag")) sapiws.pkcs1_flag = flag->boolean;
  if (const TomlNode* const flag = table.find("pss")) sapiws.pss = flag->boolean;
  if (const TomlNode* const flag = table.find("prompt_for_sign")) {
    sapiws.prompt_for_sign = flag->boolean;
  }
  BOOST_OUTCOME_TRY(read_word(table, "selector", kSelectors, sapiws.selector));
  return sapiws;
}

// A table that belongs to another dialect would be read for nothing.
Result<void, ConfigError> check_foreign(const TableReader& table, std::string_view key,
                                        bool wanted) {
  const TomlNode* const node = table.find(key);
  if (node == nullptr || wanted) return success();
  return table.error(*node,
                     fmt::format("[token.{}] is there, but \"dialect\" is not \"{}\"", key, key));
}

}  // namespace

std::string_view name_of(Dialect dialect) {
  return kDialects[static_cast<std::size_t>(dialect)];
}

std::string_view name_of(CscConfig::Access access) {
  return kAccesses[static_cast<std::size_t>(access)];
}

std::string_view name_of(SapiwsConfig::Selector selector) {
  return kSelectors[static_cast<std::size_t>(selector)];
}

Result<void, ConfigError> read_dialect(const TableReader& table, const std::string& file,
                                       TokenConfig& token) {
  BOOST_OUTCOME_TRY(read_word(table, "dialect", kDialects, token.dialect));
  BOOST_OUTCOME_TRY(check_foreign(table, "csc", token.dialect == Dialect::csc));
  BOOST_OUTCOME_TRY(check_foreign(table, "sapiws", token.dialect == Dialect::sapiws));
  if (token.dialect == Dialect::csc) {
    BOOST_OUTCOME_TRY(const TomlNode* const node, table.demand("csc"));
    BOOST_OUTCOME_TRY(token.csc, read_csc(*node, file, token.client_certificate.has_value()));
  } else if (const TomlNode* const node = table.find("sapiws")) {
    BOOST_OUTCOME_TRY(token.sapiws, read_sapiws(*node, file));
  }
  return success();
}

Result<void, ConfigError> check_path(const TableReader& member, const std::string& url,
                                     Dialect dialect) {
  const TomlNode& at = *member.find("url");
  if (dialect == Dialect::csc && !url.ends_with("/v1") && !url.ends_with("/v2")) {
    return member.error(at,
                        "\"url\" of a service of the CSC API ends in its version, \"/csc/v1\" or "
                        "\"/csc/v2\" as a rule");
  }
  if (dialect == Dialect::sapiws && url.ends_with(".asmx")) {
    return member.error(
        at,
        "\"url\" of a SOAP service is that of its folder, \"https://HOST:PORT/SAPIWS\" "
        "as a rule, without \"dss.asmx\"");
  }
  return success();
}

}  // namespace signet::config
