#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <utility>

#include "config/config.h"
#include "config/config_reader.h"
#include "config/default_folders.h"
#include "config/suggest.h"
#include "config/token_place.h"
#include "config/url.h"

namespace signet::config {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestLabel = 32;   // CK_TOKEN_INFO.label
constexpr std::size_t kLongestSerial = 16;  // CK_TOKEN_INFO.serialNumber
constexpr std::size_t kLongestUser = 256;
constexpr std::size_t kMostTokens = 64;
constexpr std::size_t kMostMembers = 8;
constexpr std::size_t kMostPins = 16;

bool has_control_character(std::string_view text) {
  return std::ranges::any_of(text, [](char c) {
    const auto byte = static_cast<unsigned char>(c);
    return byte < 0x20 || byte == 0x7F;
  });
}

// The values that a key takes besides others, or alone.
constexpr auto kLevels =
    std::to_array<std::string_view>({"error", "warn", "info", "debug", "trace"});
constexpr auto kTargets = std::to_array<std::string_view>({"stderr", "syslog", "journald"});
constexpr auto kFormats = std::to_array<std::string_view>({"text", "json"});

bool is_one_of(std::string_view word, Words known) {
  return std::ranges::find(known, word) != known.end();
}

Result<log::Options, ConfigError> read_log(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "log", file));
  log::Options options;
  if (const TomlNode* const level = table.find("level")) {
    const auto known = log::level_from(level->text);
    if (!known) {
      return table.error(*level, fmt::format("\"level\" is \"{}\", but must be {}{}", level->text,
                                             one_of(kLevels), suggestion(level->text, kLevels)));
    }
    options.level = *known;
  }
  if (const TomlNode* const to = table.find("to")) {
    if (!is_one_of(to->text, kTargets) && !to->text.starts_with('/')) {
      return table.error(
          *to, fmt::format("\"to\" is \"{}\", but must be {}, or a file's absolute path{}",
                           to->text, one_of(kTargets), suggestion(to->text, kTargets)));
    }
    if (has_control_character(to->text)) return table.error(*to, "\"to\" has a control character");
    options.to = to->text;
  }
  if (const TomlNode* const format = table.find("format")) {
    if (!is_one_of(format->text, kFormats)) {
      return table.error(*format,
                         fmt::format("\"format\" is \"{}\", but must be {}{}", format->text,
                                     one_of(kFormats), suggestion(format->text, kFormats)));
    }
    options.format = format->text == "json" ? log::Format::json : log::Format::text;
  }
  return options;
}

Result<MetricsConfig, ConfigError> read_metrics(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "metrics", file));
  MetricsConfig metrics;
  BOOST_OUTCOME_TRY(table.demand("dir"));
  BOOST_OUTCOME_TRY(metrics.dir, table.path("dir"));
  BOOST_OUTCOME_TRY(table.read_duration("interval", 1s, 60min, metrics.interval));
  return metrics;
}

Result<Limits, ConfigError> read_limits(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "token.limits", file));
  Limits limits;
  BOOST_OUTCOME_TRY(table.read_duration("call", 1s, 10min, limits.call));
  BOOST_OUTCOME_TRY(table.read_duration("key_generation", 1s, 30min, limits.key_generation));
  BOOST_OUTCOME_TRY(table.read_duration("connect", 100ms, 1min, limits.connect));
  BOOST_OUTCOME_TRY(table.read_duration("sign_attempt", 100ms, 10min, limits.sign_attempt));
  BOOST_OUTCOME_TRY(table.read_duration("generate_attempt", 1s, 30min, limits.generate_attempt));
  BOOST_OUTCOME_TRY(table.read_duration("idle", 1s, 60min, limits.idle));
  BOOST_OUTCOME_TRY(table.read_duration("refresh", 1s, 24h, limits.refresh));
  BOOST_OUTCOME_TRY(table.read_count("connections", 1, 256, limits.connections));

  // A part that was given may not be longer than its whole; a default is cut to it.
  struct Part {
    const char* key;
    Milliseconds* part;
    const char* whole_key;
    Milliseconds whole;
  };
  for (const Part& part : {Part{"connect", &limits.connect, "call", limits.call},
                           Part{"sign_attempt", &limits.sign_attempt, "call", limits.call},
                           Part{"generate_attempt", &limits.generate_attempt, "key_generation",
                                limits.key_generation}}) {
    const TomlNode* const given = table.find(part.key);
    if (given != nullptr && *part.part > part.whole) {
      return table.error(
          *given, fmt::format("\"{}\" ({}) is longer than \"{}\" ({}), of which it is a part",
                              part.key, given->text, part.whole_key, duration_text(part.whole)));
    }
    *part.part = std::min(*part.part, part.whole);
  }
  return limits;
}

Result<SelfCheck, ConfigError> read_self_check(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "self_check", file));
  SelfCheck self_check;
  if (const TomlNode* const flag = table.find("enabled")) self_check.enabled = flag->boolean;
  BOOST_OUTCOME_TRY(table.read_duration("every", 1s, 24h, self_check.every));
  return self_check;
}

Result<pinning::PinSet, ConfigError> read_pins(const TableReader& table) {
  BOOST_OUTCOME_TRY(const TomlNode* const list, table.demand("pins"));
  if (list->items.empty()) {
    return table.error(*list,
                       "\"pins\" is empty, and without a pin no appliance is trusted; "
                       "\"signet pin show URL\" prints the pin of a server to compare");
  }
  if (list->items.size() > kMostPins) {
    return table.error(*list, fmt::format("\"pins\" has {} entries, but may have {} at most",
                                          list->items.size(), kMostPins));
  }
  std::vector<pinning::Pin> pins;
  for (const TomlNode& item : list->items) {
    const auto pin = pinning::Pin::parse(item.text);
    if (!pin) {
      return table.error(item,
                         fmt::format("\"{}\" is not a pin; a pin is \"sha256//\" and the 44 "
                                     "characters of base64 that \"signet pin show URL\" prints",
                                     item.text));
    }
    if (std::ranges::find(pins, *pin) != pins.end()) {
      return table.error(item, "the same pin appears twice; a backup pin is that of another key");
    }
    pins.push_back(*pin);
  }
  return pinning::PinSet(std::move(pins));
}

Result<MemberConfig, ConfigError> read_member(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "token.member", file));
  MemberConfig member;
  BOOST_OUTCOME_TRY(const TomlNode* const address, table.demand("url"));
  auto url = parse_url(address->text);
  constexpr std::string_view form = "it must have the form https://HOST:PORT/PATH";
  if (url.has_error()) {
    return table.error(*address, fmt::format("\"url\" {}; {}", url.error(), form));
  }
  if (!url.value().port) return table.error(*address, fmt::format("\"url\" has no port; {}", form));
  if (url.value().path.empty()) {
    return table.error(*address, fmt::format("\"url\" has no path; {}", form));
  }
  member.url = url.value().text();
  BOOST_OUTCOME_TRY(member.pins, read_pins(table));
  BOOST_OUTCOME_TRY(member.ca_file, table.path("ca_file"));
  return member;
}

Result<std::vector<MemberConfig>, ConfigError> read_members(const TableReader& token,
                                                            const std::string& file) {
  BOOST_OUTCOME_TRY(const TomlNode* const list, token.demand("member"));
  if (list->items.empty()) {
    return token.error(*list, "\"member\" is empty; a token needs an appliance");
  }
  if (list->items.size() > kMostMembers) {
    return token.error(*list, fmt::format("a token has {} members, but may have {} at most",
                                          list->items.size(), kMostMembers));
  }
  std::vector<MemberConfig> members;
  for (const TomlNode& item : list->items) {
    BOOST_OUTCOME_TRY(MemberConfig member, read_member(item, file));
    if (std::ranges::find(members, member.url, &MemberConfig::url) != members.end()) {
      return token.error(item, fmt::format("the member {} appears twice", member.url));
    }
    members.push_back(std::move(member));
  }
  return members;
}

Result<std::string, ConfigError> read_label(const TableReader& table) {
  BOOST_OUTCOME_TRY(const TomlNode* const label, table.demand("label"));
  const std::string& text = label->text;
  if (text.empty() || text.size() > kLongestLabel) {
    return table.error(*label, fmt::format("\"label\" takes {} bytes, but must take from 1 to {}",
                                           text.size(), kLongestLabel));
  }
  if (text.front() == ' ' || text.back() == ' ') {
    return table.error(*label, "\"label\" begins or ends with a blank, which PKCS#11 cannot show");
  }
  if (has_control_character(text)) return table.error(*label, "\"label\" has a control character");
  return text;
}

// The name of an account, under the key `key`.
Result<std::string, ConfigError> read_account(const TableReader& table, std::string_view key,
                                              const TomlNode& account) {
  const std::string& text = account.text;
  if (text.empty() || text.size() > kLongestUser) {
    return table.error(account, fmt::format("\"{}\" takes {} bytes, but must take from 1 to {}",
                                            key, text.size(), kLongestUser));
  }
  if (text.find(':') != std::string::npos || has_control_character(text)) {
    return table.error(
        account,
        fmt::format("\"{}\" has a colon or a control character, which HTTP Basic cannot carry",
                    key));
  }
  return text;
}

// Empty where the key is not there.
Result<std::string, ConfigError> read_serial(const TableReader& table) {
  const TomlNode* const serial = table.find("serial");
  if (serial == nullptr) return std::string();
  const std::string& text = serial->text;
  const bool printable = std::ranges::all_of(text, [](char c) { return c > ' ' && c <= '~'; });
  if (text.empty() || text.size() > kLongestSerial || !printable) {
    return table.error(*serial,
                       fmt::format("\"serial\" must be 1 to {} printable characters of ASCII "
                                   "without blanks",
                                   kLongestSerial));
  }
  return text;
}

// An absolute path or a URI of an object on a token; empty where the key is not there.
Result<std::string, ConfigError> read_place(const TableReader& table, std::string_view key) {
  const TomlNode* const place = table.find(key);
  if (place == nullptr || !pkcs11::is_uri(place->text)) return table.path(key);
  const auto parsed = TokenPlace::parse(place->text);
  if (!parsed) return table.error(*place, fmt::format("\"{}\": {}", key, parsed.error()));
  return place->text;
}

Result<std::optional<ClientCertificate>, ConfigError> read_client_certificate(
    const TableReader& table) {
  BOOST_OUTCOME_TRY(std::string certificate, read_place(table, "client_certificate"));
  BOOST_OUTCOME_TRY(std::string key, read_place(table, "client_key"));
  if (pkcs11::is_uri(certificate) && !key.empty() && !pkcs11::is_uri(key)) {
    return table.error(*table.find("client_certificate"),
                       "\"client_certificate\" is on a token, so \"client_key\" must be, too");
  }
  if (certificate.empty() != key.empty()) {
    const bool lone_key = certificate.empty();
    return table.error(
        *table.find(lone_key ? "client_key" : "client_certificate"),
        fmt::format("\"client_certificate\" and \"client_key\" belong together; add \"{}\"",
                    lone_key ? "client_certificate" : "client_key"));
  }
  if (certificate.empty()) return std::optional<ClientCertificate>();
  return std::optional(ClientCertificate{std::move(certificate), std::move(key)});
}

Result<TokenConfig, ConfigError> read_token(const TomlNode& node, const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "token", file));
  TokenConfig token;
  BOOST_OUTCOME_TRY(token.label, read_label(table));
  BOOST_OUTCOME_TRY(const TomlNode* const user, table.demand("user"));
  BOOST_OUTCOME_TRY(token.user, read_account(table, "user", *user));
  BOOST_OUTCOME_TRY(token.serial, read_serial(table));
  if (token.serial.empty()) token.serial = serial_of(token.label, token.user);
  if (const TomlNode* const administrator = table.find("administrator")) {
    BOOST_OUTCOME_TRY(token.administrator, read_account(table, "administrator", *administrator));
  }
  if (const TomlNode* const credential = table.find("credential")) {
    auto source = CredentialSource::parse(credential->text);
    if (source.has_error()) {
      return table.error(*credential, fmt::format("\"credential\": {}", source.error()));
    }
    token.credential = std::move(source).value();
  }
  BOOST_OUTCOME_TRY(token.client_certificate, read_client_certificate(table));
  if (const TomlNode* const flag = table.find("sha1_signatures"))
    token.sha1_signatures = flag->boolean;
  if (const TomlNode* const form = table.find("ec_point")) {
    if (form->text != "raw" && form->text != "der")
      return table.error(*form, "\"ec_point\" must be \"raw\" or \"der\"");
    token.ec_point = form->text == "der" ? TokenConfig::EcPoint::der : TokenConfig::EcPoint::raw;
  }
  if (const TomlNode* const limits = table.find("limits")) {
    BOOST_OUTCOME_TRY(token.limits, read_limits(*limits, file));
  }
  BOOST_OUTCOME_TRY(token.members, read_members(table, file));
  return token;
}

Result<std::vector<TokenConfig>, ConfigError> read_tokens(const TableReader& root,
                                                          const std::string& file) {
  std::vector<TokenConfig> tokens;
  const TomlNode* const list = root.find("token");
  if (list == nullptr) return tokens;
  if (list->items.size() > kMostTokens) {
    return root.error(*list, fmt::format("there are {} tokens, but there may be {} at most",
                                         list->items.size(), kMostTokens));
  }
  for (const TomlNode& item : list->items) {
    BOOST_OUTCOME_TRY(TokenConfig token, read_token(item, file));
    if (std::ranges::find(tokens, token.label, &TokenConfig::label) != tokens.end()) {
      return root.error(
          *item.find("label"),
          fmt::format("two tokens have the label \"{}\"; programs tell tokens apart by their "
                      "labels",
                      token.label));
    }
    if (std::ranges::find(tokens, token.serial, &TokenConfig::serial) != tokens.end()) {
      return root.error(item, fmt::format("two tokens have the serial number \"{}\"; programs take "
                                          "them for the same card",
                                          token.serial));
    }
    tokens.push_back(std::move(token));
  }
  return tokens;
}

}  // namespace

Result<Config, ConfigError> parse_config(std::string_view toml, const std::string& name) {
  const auto tree = parse_toml(toml);
  if (tree.has_error()) {
    return error_at(name, tree.error().at,
                    fmt::format("this is not TOML: {}", tree.error().sentence));
  }
  BOOST_OUTCOME_TRY(const TableReader root, TableReader::open(tree.value(), "", name));
  Config config;
  if (const TomlNode* const log = root.find("log")) {
    BOOST_OUTCOME_TRY(config.log, read_log(*log, name));
  }
  if (const TomlNode* const metrics = root.find("metrics")) {
    BOOST_OUTCOME_TRY(config.metrics, read_metrics(*metrics, name));
  }
  if (const TomlNode* const self_check = root.find("self_check")) {
    BOOST_OUTCOME_TRY(config.self_check, read_self_check(*self_check, name));
  }
  BOOST_OUTCOME_TRY(config.tokens, read_tokens(root, name));
  BOOST_OUTCOME_TRY(config.cache_dir, root.path("cache_dir"));
  if (config.cache_dir.empty()) config.cache_dir = default_cache_dir();
  return config;
}

}  // namespace signet::config
