#include "pkcs11-client/uri.h"

// Its header brings PKCS#11's types along; the project's own are kept out of this file.
#include <fmt/format.h>
#include <p11-kit/uri.h>

#include <algorithm>
#include <array>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <set>

namespace signet::pkcs11 {

namespace {

struct FreeUri {
  void operator()(P11KitUri* uri) const { p11_kit_uri_free(uri); }
};
using UriPtr = std::unique_ptr<P11KitUri, FreeUri>;

constexpr std::string_view kScheme = "pkcs11:";
constexpr auto kKnown =
    std::to_array<std::string_view>({"token", "manufacturer", "model", "serial", "object", "id",
                                     "type", "pin-source", "module-path", "module-name"});

UriError error(std::string sentence) {
  return {std::move(sentence)};
}

using Names = std::set<std::string_view>;

// p11-kit takes the last of two, knows names that mean nothing here, and passes over others.
Result<void, UriError> check_names(std::string_view attributes, char separator, Names& seen) {
  while (!attributes.empty()) {
    const std::size_t end = attributes.find(separator);
    const std::string_view attribute = attributes.substr(0, end);
    attributes.remove_prefix(end == std::string_view::npos ? attributes.size() : end + 1);
    if (attribute.empty()) continue;
    const std::size_t equals = attribute.find('=');
    if (equals == std::string_view::npos) {
      return error(fmt::format("\"{}\" is not of the form name=value", attribute));
    }
    const std::string_view name = attribute.substr(0, equals);
    if (name == "pin-value") {
      return UriError{
          "a URI with pin-value shows the PIN to everybody who may list processes or read it: use "
          "pin-source=file:/path",
          true};
    }
    if (std::ranges::find(kKnown, name) == kKnown.end()) {
      return error(fmt::format("the attribute \"{}\" is not understood", name));
    }
    if (equals + 1 == attribute.size() || !seen.insert(name).second) {
      return error(fmt::format("\"{}\" is empty or appears twice", name));
    }
  }
  return success();
}

// RFC 7512, 2.3: path attributes, then query attributes; the values of each may hold the other's separator.
Result<void, UriError> check_names(std::string_view attributes) {
  Names seen;
  const std::size_t question = attributes.find('?');
  BOOST_OUTCOME_TRY(check_names(attributes.substr(0, question), ';', seen));
  if (question == std::string_view::npos) return success();
  return check_names(attributes.substr(question + 1), '&', seen);
}

std::string text_or_empty(const char* text) {
  return text == nullptr ? "" : text;
}

// A field of CK_TOKEN_INFO: padded with blanks; zeros where it says nothing.
template <std::size_t Size>
std::string text_of_field(const CK_UTF8CHAR (&field)[Size]) {
  std::string text(reinterpret_cast<const char*>(field), Size);
  text.erase(text.find_last_not_of(std::string_view(" \0", 2)) + 1);
  return text;
}

template <std::size_t Size>
void set_field(CK_UTF8CHAR (&field)[Size], std::string_view text) {
  if (text.empty()) return;
  std::memset(field, ' ', Size);
  std::memcpy(field, text.data(), std::min(text.size(), Size));
}

std::optional<ByteView> attribute_of(P11KitUri* uri, CK_ATTRIBUTE_TYPE type) {
  const CK_ATTRIBUTE* const found = p11_kit_uri_get_attribute(uri, type);
  if (found == nullptr) return std::nullopt;
  return ByteView(static_cast<const std::uint8_t*>(found->pValue), found->ulValueLen);
}

// p11-kit copies the value.
void set_attribute(P11KitUri* uri, CK_ATTRIBUTE_TYPE type, ByteView value) {
  CK_ATTRIBUTE attribute{type, const_cast<std::uint8_t*>(value.data()), value.size()};
  p11_kit_uri_set_attribute(uri, &attribute);
}

struct TypeNumber {
  ObjectType type;
  CK_OBJECT_CLASS number;
};
constexpr std::array kTypes = {TypeNumber{ObjectType::certificate, CKO_CERTIFICATE},
                               TypeNumber{ObjectType::private_key, CKO_PRIVATE_KEY},
                               TypeNumber{ObjectType::public_key, CKO_PUBLIC_KEY}};

ObjectType type_of(ByteView number) {
  for (const TypeNumber& each : kTypes) {
    if (number.size() == sizeof each.number &&
        std::memcmp(number.data(), &each.number, sizeof each.number) == 0) {
      return each.type;
    }
  }
  return ObjectType::other;
}

Uri read(P11KitUri* parsed) {
  const CK_TOKEN_INFO& token = *p11_kit_uri_get_token_info(parsed);
  Uri uri;
  uri.token = {text_of_field(token.label), text_of_field(token.manufacturerID),
               text_of_field(token.model), text_of_field(token.serialNumber)};
  if (const auto label = attribute_of(parsed, CKA_LABEL)) uri.object = text_of(*label);
  if (const auto id = attribute_of(parsed, CKA_ID)) uri.id = copy_of(*id);
  if (const auto type = attribute_of(parsed, CKA_CLASS)) uri.type = type_of(*type);
  uri.pin_source = text_or_empty(p11_kit_uri_get_pin_source(parsed));
  uri.module_path = text_or_empty(p11_kit_uri_get_module_path(parsed));
  uri.module_name = text_or_empty(p11_kit_uri_get_module_name(parsed));
  return uri;
}

}  // namespace

bool is_uri(std::string_view text) {
  return text.starts_with(kScheme);
}

Result<Uri, UriError> Uri::parse(const std::string& text) {
  if (!is_uri(text)) return error(fmt::format("\"{}\" does not begin with pkcs11:", text));
  if (text.find('\0') != std::string::npos) return error("the URI contains a zero byte");
  BOOST_OUTCOME_TRY(check_names(std::string_view(text).substr(kScheme.size())));
  const UriPtr uri(p11_kit_uri_new());
  const int code = !uri ? P11_KIT_URI_UNEXPECTED
                        : p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (code != P11_KIT_URI_OK) {
    return error(fmt::format("\"{}\" is not a PKCS#11 URI: {}", text,
                             text_or_empty(p11_kit_uri_message(code))));
  }
  return read(uri.get());
}

Uri Uri::of_token(std::string_view label) {
  Uri uri;
  uri.token.label = label;
  return uri;
}

Result<Uri, UriError> Uri::of_object(const std::string& uri_or_label) {
  if (is_uri(uri_or_label)) return parse(uri_or_label);
  Uri uri;
  if (!uri_or_label.empty()) uri.object = uri_or_label;
  return uri;
}

bool Uri::matches(const TokenName& other) const {
  const auto fits = [](const std::string& wanted, const std::string& value) {
    return wanted.empty() || wanted == value;
  };
  return fits(token.label, other.label) && fits(token.manufacturer, other.manufacturer) &&
         fits(token.model, other.model) && fits(token.serial, other.serial);
}

std::string Uri::text() const {
  const UriPtr uri(p11_kit_uri_new());
  if (!uri) return {};
  CK_TOKEN_INFO& info = *p11_kit_uri_get_token_info(uri.get());
  set_field(info.label, token.label);
  set_field(info.manufacturerID, token.manufacturer);
  set_field(info.model, token.model);
  set_field(info.serialNumber, token.serial);
  if (object && !object->empty()) set_attribute(uri.get(), CKA_LABEL, view_of(*object));
  if (id && !id->empty()) set_attribute(uri.get(), CKA_ID, *id);
  for (const TypeNumber& each : kTypes) {
    if (type != each.type) continue;
    const auto* const bytes = reinterpret_cast<const std::uint8_t*>(&each.number);
    set_attribute(uri.get(), CKA_CLASS, {bytes, sizeof each.number});
  }
  char* formatted = nullptr;
  if (p11_kit_uri_format(uri.get(), P11_KIT_URI_FOR_OBJECT_ON_TOKEN, &formatted) !=
      P11_KIT_URI_OK) {
    return {};
  }
  std::string result(formatted);
  std::free(formatted);
  return result;
}

}  // namespace signet::pkcs11
