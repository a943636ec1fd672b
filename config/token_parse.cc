#include "config/token_parse.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "config/dialect_parse.h"
#include "config/token_place.h"
#include "config/url.h"

namespace signet::config {

namespace {

using namespace std::chrono_literals;

constexpr std::size_t kLongestLabel = 32;   // CK_TOKEN_INFO.label
constexpr std::size_t kLongestSerial = 16;  // CK_TOKEN_INFO.serialNumber
constexpr std::size_t kLongestUser = 256;
constexpr std::size_t kMostMembers = 8;
constexpr std::size_t kMostPins = 16;

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
  if (const TomlNode* const flag = table.find("resign")) limits.resign = flag->boolean;

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

Result<MemberConfig, ConfigError> read_member(const TomlNode& node, Dialect dialect,
                                              const std::string& file) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "token.member", file));
  MemberConfig member;
  BOOST_OUTCOME_TRY(member.url, read_url(table, "url"));
  BOOST_OUTCOME_TRY(check_path(table, member.url, dialect));
  BOOST_OUTCOME_TRY(member.pins, read_pins(table, "pins"));
  BOOST_OUTCOME_TRY(member.ca_file, table.path("ca_file"));
  return member;
}

Result<std::vector<MemberConfig>, ConfigError> read_members(const TableReader& token,
                                                            Dialect dialect,
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
    BOOST_OUTCOME_TRY(MemberConfig member, read_member(item, dialect, file));
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

}  // namespace

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

Result<pinning::PinSet, ConfigError> read_pins(const TableReader& table, std::string_view key) {
  BOOST_OUTCOME_TRY(const TomlNode* const list, table.demand(key));
  if (list->items.empty()) {
    return table.error(*list,
                       fmt::format("\"{}\" is empty, and without a pin no server is trusted; "
                                   "\"signet pin show URL\" prints the pin of a server to compare",
                                   key));
  }
  if (list->items.size() > kMostPins) {
    return table.error(*list, fmt::format("\"{}\" has {} entries, but may have {} at most", key,
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

Result<std::string, ConfigError> read_url(const TableReader& table, std::string_view key) {
  BOOST_OUTCOME_TRY(const TomlNode* const address, table.demand(key));
  auto url = parse_url(address->text);
  constexpr std::string_view form = "it must have the form https://HOST:PORT/PATH";
  if (url.has_error()) {
    return table.error(*address, fmt::format("\"{}\" {}; {}", key, url.error(), form));
  }
  if (!url.value().port) {
    return table.error(*address, fmt::format("\"{}\" has no port; {}", key, form));
  }
  if (url.value().path.empty()) {
    return table.error(*address, fmt::format("\"{}\" has no path; {}", key, form));
  }
  return url.value().text();
}

Result<TokenConfig, ConfigError> read_token(const TomlNode& node, const std::string& file,
                                            SerialMaker& serials) {
  BOOST_OUTCOME_TRY(const TableReader table, TableReader::open(node, "token", file));
  TokenConfig token;
  BOOST_OUTCOME_TRY(token.label, read_label(table));
  BOOST_OUTCOME_TRY(const TomlNode* const user, table.demand("user"));
  BOOST_OUTCOME_TRY(token.user, read_account(table, "user", *user));
  BOOST_OUTCOME_TRY(token.serial, read_serial(table));
  if (token.serial.empty()) token.serial = serials.serial_of(token.label, token.user);
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
  BOOST_OUTCOME_TRY(read_dialect(table, file, token));
  BOOST_OUTCOME_TRY(token.members, read_members(table, token.dialect, file));
  return token;
}

}  // namespace signet::config
