#include "config/token_place.h"

#include <fmt/format.h>

namespace signet::config {

Result<TokenPlace, std::string> TokenPlace::parse(const std::string& text) {
  auto uri = pkcs11::Uri::parse(text);
  if (!uri) return std::move(uri).error().sentence;
  TokenPlace place{std::move(uri).value(), {}};
  using pkcs11::ObjectType;
  const ObjectType type = place.uri.type.value_or(ObjectType::private_key);
  if (type != ObjectType::private_key && type != ObjectType::certificate) {
    return std::string("type must be private (of a key) or cert");
  }
  if (!place.uri.module_path.starts_with('/')) {
    return std::string("it needs ?module-path=, the absolute path of the token's PKCS#11 module");
  }
  if (!place.uri.module_name.empty())
    return std::string("module-path is enough, module-name is not used");
  if (!place.uri.object && !place.uri.id) {
    return std::string("it names no object: object= (a label) or id= is needed");
  }
  const std::string& source = place.uri.pin_source;
  if (source.empty()) return place;
  // RFC 7512 leaves the form of pin-source open: "file:/path" and a plain path are a file; the other forms are those
  // of `credential`.
  auto pin = CredentialSource::parse(source.starts_with('/') ? "file:" + source : source);
  if (!pin) return fmt::format("pin-source: {}", pin.error());
  place.pin = std::move(pin).value();
  return place;
}

}  // namespace signet::config
