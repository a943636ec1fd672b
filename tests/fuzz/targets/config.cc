// Any bytes as the text of a configuration, or (where they begin like one) as the text of a seal.
#include "config/config.h"

#include <algorithm>
#include <cstdint>
#include <string>
#include <string_view>

#include "config/signature.h"
#include "config/token_place.h"
#include "config/url.h"
#include "signet-cli/config_text.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using config::Config;
using config::CredentialSource;

bool is_one_line(std::string_view text) {
  return text.find_first_of(std::string_view("\n\r\0", 3)) == std::string_view::npos;
}

// `config show` leaves out what a credential's command is given.
CredentialSource as_shown(CredentialSource source) {
  const std::size_t blank = source.name.find_first_of(" \t");
  if (source.kind == CredentialSource::Kind::command && blank != std::string::npos) {
    source.name = source.name.substr(0, blank) + " …";
  }
  return source;
}

void check_token(const config::TokenConfig& token) {
  require(!token.label.empty() && token.label.size() <= 32, "a token's label fits CK_TOKEN_INFO");
  require(!token.user.empty(), "a token has a user");
  require(!token.members.empty(), "a token has a member");
  for (const auto& member : token.members) {
    require(!member.pins.empty(), "no member without a pin");
    require(member.url.starts_with("https://"), "no member without TLS");
    const auto url = config::parse_url(member.url);
    require(url.has_value() && url.value().text() == member.url, "a URL is in its one form");
  }
  if (!token.client_certificate) return;
  for (const std::string& place :
       {token.client_certificate->certificate, token.client_certificate->key}) {
    if (!pkcs11::is_uri(place)) continue;
    const auto parsed = config::TokenPlace::parse(place);
    require(parsed.has_value() && parsed.value().uri.module_path.starts_with('/'),
            "a URI names a module");
  }
}

void check_same(const Config& config, const Config& again) {
  require(config.log.level == again.log.level && config.log.to == again.log.to &&
              config.log.format == again.log.format,
          "the log is the same");
  require(
      config.metrics.dir == again.metrics.dir && config.metrics.interval == again.metrics.interval,
      "the metrics are the same");
  require(config.self_check.enabled == again.self_check.enabled &&
              config.self_check.every == again.self_check.every,
          "the self-check is the same");
  require(config.cache_dir == again.cache_dir, "the cache folder is the same");
  require(config.suite == again.suite, "the suite is the same");
  require(config.tokens.size() == again.tokens.size(), "there are as many tokens");
  for (std::size_t i = 0; i < config.tokens.size(); ++i) {
    config::TokenConfig token = config.tokens[i];
    if (token.credential) token.credential = as_shown(*std::move(token.credential));
    require(token == again.tokens[i], "a token is the same");
  }
}

void check_config(std::string_view text) {
  const auto config = config::parse_config(text, "f");
  if (config.has_error()) {
    const std::string& sentence = config.error().sentence;
    require(sentence.starts_with("f:"), "an error names its place");
    return;
  }
  for (const auto& token : config.value().tokens) check_token(token);
  const std::string shown = cli::config_toml(config.value());
  const auto again = config::parse_config(shown, "g");
  require(again.has_value(), "what is shown can be read again: " +
                                 (again.has_error() ? again.error().sentence : "") + "\n" + shown);
  check_same(config.value(), again.value());
}

void check_signature(std::string_view text) {
  const auto signature = config::ConfigSignature::parse(text);
  if (signature.has_error()) {
    require(is_one_line(signature.error().sentence), "an error is one line");
    return;
  }
  require(signature.value().text() == text, "there is exactly one text for a signature");
  // RFC 8032, 7.1, test 1. Not zeros: under that point anybody can sign.
  static const Bytes anchor =
      *from_hex("d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f707511a");
  config::Ed25519PublicKey key{};
  std::ranges::copy(anchor, key.begin());
  const auto verified =
      config::verify_signature(signature.value(), view_of("no configuration"), key);
  require(verified.has_error(), "a signature by another key is none");
}

}  // namespace
}  // namespace signet::fuzz

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text = signet::text_of({data, size});
  if (text.starts_with("signet-seal") || text.starts_with("signet-config-signature")) {
    signet::fuzz::check_signature(text);
  } else {
    signet::fuzz::check_config(text);
  }
  return 0;
}
