#include "pkcs11-client/pkcs11_uri.h"

#include <fmt/format.h>

#include <array>
#include <charconv>
#include <utility>

namespace signet::pkcs11 {

namespace {

constexpr std::string_view kScheme = "pkcs11:";

std::optional<std::string> percent_decoded(std::string_view text) {
  std::string bytes;
  while (!text.empty()) {
    if (text.front() != '%') {
      bytes += text.front();
      text.remove_prefix(1);
      continue;
    }
    unsigned value = 0;
    if (text.size() < 3) return std::nullopt;
    const std::string_view digits = text.substr(1, 2);
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), value, 16);
    if (failure != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
    bytes += static_cast<char>(value);
    text.remove_prefix(3);
  }
  return bytes;
}

std::string* place_of(Pkcs11Uri& uri, std::string_view name) {
  struct Place {
    std::string_view name;
    std::string Pkcs11Uri::*member;
  };
  static constexpr std::array<Place, 7> kPlaces = {{{"token", &Pkcs11Uri::token},
                                                    {"serial", &Pkcs11Uri::serial},
                                                    {"manufacturer", &Pkcs11Uri::manufacturer},
                                                    {"model", &Pkcs11Uri::model},
                                                    {"object", &Pkcs11Uri::object},
                                                    {"id", &Pkcs11Uri::id},
                                                    {"module-path", &Pkcs11Uri::module_path}}};
  for (const Place& place : kPlaces) {
    if (place.name == name) return &(uri.*place.member);
  }
  return nullptr;
}

// RFC 7512 leaves the form of pin-source open: "file:/path" and a plain path are a file; the other forms are those
// of `credential`.
Result<void, std::string> take_pin_source(Pkcs11Uri& uri, const std::string& value) {
  auto source = config::CredentialSource::parse(value.starts_with('/') ? "file:" + value : value);
  if (!source) return fmt::format("pin-source: {}", source.error());
  uri.pin = std::move(source).value();
  return success();
}

Result<void, std::string> take_attribute(Pkcs11Uri& uri, std::string_view text) {
  const auto equals = text.find('=');
  if (equals == std::string_view::npos) return fmt::format("\"{}\" is no name=value", text);
  const std::string_view name = text.substr(0, equals);
  if (name == "pin-value") return std::string("a PIN does not belong into a URI; use pin-source");
  const auto value = percent_decoded(text.substr(equals + 1));
  if (!value) return fmt::format("\"{}\" has a bad percent escape", name);
  if (name == "pin-source") return take_pin_source(uri, *value);
  if (name == "type") {
    if (*value == "private" || *value == "cert") return success();
    return std::string("type must be private (of a key) or cert");
  }
  std::string* const place = place_of(uri, name);
  if (place == nullptr) return fmt::format("the attribute \"{}\" is not understood", name);
  if (!place->empty() || value->empty())
    return fmt::format("\"{}\" is empty or stands twice", name);
  *place = *value;
  return success();
}

Result<void, std::string> take_attributes(Pkcs11Uri& uri, std::string_view text, char separator) {
  while (!text.empty()) {
    const auto end = text.find(separator);
    BOOST_OUTCOME_TRY(take_attribute(uri, text.substr(0, end)));
    text = end == std::string_view::npos ? std::string_view() : text.substr(end + 1);
  }
  return success();
}

}  // namespace

bool is_pkcs11_uri(std::string_view text) {
  return text.starts_with(kScheme);
}

Result<Pkcs11Uri, std::string> Pkcs11Uri::parse(std::string_view text) {
  if (!is_pkcs11_uri(text)) return std::string("it does not begin with pkcs11:");
  text.remove_prefix(kScheme.size());
  const auto question = text.find('?');
  Pkcs11Uri uri;
  BOOST_OUTCOME_TRY(take_attributes(uri, text.substr(0, question), ';'));
  if (question != std::string_view::npos) {
    BOOST_OUTCOME_TRY(take_attributes(uri, text.substr(question + 1), '&'));
  }
  if (!uri.module_path.starts_with('/'))
    return std::string("it needs ?module-path=, the absolute path of the token's PKCS#11 module");
  if (uri.object.empty() && uri.id.empty())
    return std::string("it names no object: object= (a label) or id= is needed");
  return uri;
}

}  // namespace signet::pkcs11
