#include "keygen/uri.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "pkcs11-client/p11kit.h"

namespace signet::keygen {
namespace {

struct FreeUri {
  void operator()(p11_kit_uri* uri) const { p11_kit_uri_free(uri); }
};

std::shared_ptr<p11_kit_uri> new_uri() {
  return {p11_kit_uri_new(), FreeUri()};
}

std::string text_or_empty(const char* text) {
  return text == nullptr ? "" : text;
}

std::optional<ByteView> attribute(p11_kit_uri* uri, CK_ATTRIBUTE_TYPE type) {
  const CK_ATTRIBUTE* found = p11_kit_uri_get_attribute(uri, type);
  if (found == nullptr) return std::nullopt;
  return ByteView(static_cast<const std::uint8_t*>(found->pValue), found->ulValueLen);
}

// p11-kit copies the value.
void set_attribute(p11_kit_uri* uri, CK_ATTRIBUTE_TYPE type, ByteView value) {
  CK_ATTRIBUTE attribute{type, const_cast<std::uint8_t*>(value.data()),
                         static_cast<CK_ULONG>(value.size())};
  p11_kit_uri_set_attribute(uri, &attribute);
}

// The fields that say something: a blank one would fit no token that has learnt its value since.
void set_token(p11_kit_uri* uri, const CK_TOKEN_INFO& token) {
  CK_TOKEN_INFO& own = *p11_kit_uri_get_token_info(uri);
  const auto take = [](auto& field, const auto& value) {
    const bool said = std::any_of(std::begin(value), std::end(value),
                                  [](CK_UTF8CHAR byte) { return byte != ' ' && byte != 0; });
    if (said) std::memcpy(field, value, sizeof field);
  };
  take(own.label, token.label);
  take(own.manufacturerID, token.manufacturerID);
  take(own.model, token.model);
  take(own.serialNumber, token.serialNumber);
}

std::string format(p11_kit_uri* uri, P11KitUriType kind) {
  char* text = nullptr;
  if (p11_kit_uri_format(uri, kind, &text) != P11_KIT_URI_OK) return {};
  std::string result(text);
  std::free(text);
  return result;
}

}  // namespace

Outcome<Uri> Uri::parse(const std::string& text) {
  auto uri = new_uri();
  const int code = p11_kit_uri_parse(text.c_str(), P11_KIT_URI_FOR_ANY, uri.get());
  if (p11_kit_uri_get_pin_value(uri.get()) != nullptr)
    return failure(Reason::pin,
                   "a URI with pin-value shows the PIN to everybody who may list processes: use "
                   "pin-source=file:/path or --pin-file");
  if (code != P11_KIT_URI_OK)
    return failure(Reason::unreadable, fmt::format("\"{}\" is not a PKCS#11 URI: {}", text,
                                                   text_or_empty(p11_kit_uri_message(code))));
  if (p11_kit_uri_any_unrecognized(uri.get()) != 0)
    return failure(Reason::unreadable,
                   fmt::format("\"{}\" has a part that RFC 7512 does not know", text));
  return Uri(std::move(uri));
}

Uri Uri::of_token(std::string_view label) {
  auto uri = new_uri();
  if (!label.empty()) {
    auto& field = p11_kit_uri_get_token_info(uri.get())->label;
    std::memset(field, ' ', sizeof field);
    std::memcpy(field, label.data(), std::min(label.size(), sizeof field));
  }
  return Uri(std::move(uri));
}

Outcome<Uri> Uri::of_object(const std::string& uri_or_label) {
  if (uri_or_label.starts_with("pkcs11:")) return parse(uri_or_label);
  Uri uri = of_token("");
  if (!uri_or_label.empty()) set_attribute(uri.uri_.get(), CKA_LABEL, view_of(uri_or_label));
  return uri;
}

std::optional<std::string> Uri::object() const {
  const auto value = attribute(uri_.get(), CKA_LABEL);
  if (!value) return std::nullopt;
  return std::string(text_of(*value));
}

std::optional<Bytes> Uri::id() const {
  const auto value = attribute(uri_.get(), CKA_ID);
  if (!value) return std::nullopt;
  return copy_of(*value);
}

std::optional<CK_OBJECT_CLASS> Uri::type() const {
  const auto value = attribute(uri_.get(), CKA_CLASS);
  CK_OBJECT_CLASS type = 0;
  if (!value || value->size() != sizeof type) return std::nullopt;
  std::memcpy(&type, value->data(), sizeof type);
  return type;
}

std::string Uri::pin_source() const {
  return text_or_empty(p11_kit_uri_get_pin_source(uri_.get()));
}

std::string Uri::module_path() const {
  return text_or_empty(p11_kit_uri_get_module_path(uri_.get()));
}

std::string Uri::module_name() const {
  return text_or_empty(p11_kit_uri_get_module_name(uri_.get()));
}

bool Uri::names_token() const {
  const CK_TOKEN_INFO* token = p11_kit_uri_get_token_info(uri_.get());
  return token->label[0] != 0 || token->manufacturerID[0] != 0 || token->model[0] != 0 ||
         token->serialNumber[0] != 0;
}

bool Uri::matches(const CK_TOKEN_INFO& token) const {
  return p11_kit_uri_match_token_info(uri_.get(), &token) != 0;
}

std::string uri_of(const CK_TOKEN_INFO& token) {
  const auto uri = new_uri();
  set_token(uri.get(), token);
  return format(uri.get(), P11_KIT_URI_FOR_TOKEN);
}

std::string uri_of(const CK_TOKEN_INFO& token, CK_OBJECT_CLASS type, ByteView id,
                   std::string_view label) {
  const auto uri = new_uri();
  set_token(uri.get(), token);
  set_attribute(uri.get(), CKA_CLASS, {reinterpret_cast<const std::uint8_t*>(&type), sizeof type});
  if (!id.empty()) set_attribute(uri.get(), CKA_ID, id);
  if (!label.empty()) set_attribute(uri.get(), CKA_LABEL, view_of(label));
  return format(uri.get(), P11_KIT_URI_FOR_OBJECT_ON_TOKEN);
}

}  // namespace signet::keygen
