#include "pkcs11-client/attributes.h"

#include <cstring>

#include "crypto/der.h"
#include "crypto/spki.h"

namespace signet::pkcs11 {
namespace {

// `point`: a DER OCTET STRING, as the standard has it. Only named curves: their parameters are an OBJECT IDENTIFIER.
Bytes ec_spki(ByteView parameters, ByteView point) {
  const auto content = der::only(der::kOctetString, point);
  if (!content || !der::only(der::kObjectIdentifier, parameters)) return {};
  return spki::encode(der::concat(crypto::oid::kEc, parameters), *content);
}

}  // namespace

std::optional<Bytes> Attributes::bytes(CK_ATTRIBUTE_TYPE type) const {
  CK_ATTRIBUTE attribute{type, nullptr, 0};
  if (functions_.C_GetAttributeValue(session_, object_, &attribute, 1) != CKR_OK ||
      attribute.ulValueLen > kMostAttributeBytes)  // as CK_UNAVAILABLE_INFORMATION is
    return std::nullopt;
  Bytes value(attribute.ulValueLen);
  attribute.pValue = value.data();
  if (value.empty()) return value;
  if (functions_.C_GetAttributeValue(session_, object_, &attribute, 1) != CKR_OK ||
      attribute.ulValueLen > value.size())
    return std::nullopt;
  value.resize(attribute.ulValueLen);
  return value;
}

std::optional<CK_ULONG> Attributes::number(CK_ATTRIBUTE_TYPE type) const {
  const auto value = bytes(type);
  CK_ULONG number = 0;
  if (!value || value->size() != sizeof number) return std::nullopt;
  std::memcpy(&number, value->data(), sizeof number);
  return number;
}

bool Attributes::flag(CK_ATTRIBUTE_TYPE type, bool otherwise) const {
  const auto value = bytes(type);
  if (!value || value->size() != sizeof(CK_BBOOL)) return otherwise;
  return value->front() != CK_FALSE;
}

Bytes Attributes::public_key() const {
  if (const auto info = bytes(CKA_PUBLIC_KEY_INFO); info && !info->empty()) return *info;
  const auto type = number(CKA_KEY_TYPE);
  if (type == CKK_RSA) {
    const auto modulus = bytes(CKA_MODULUS);
    const auto exponent = bytes(CKA_PUBLIC_EXPONENT);
    if (modulus && exponent && !modulus->empty() && !exponent->empty())
      return spki::of_rsa(*modulus, *exponent);
  } else if (type == CKK_EC || type == CKK_EC_EDWARDS) {
    const auto parameters = bytes(CKA_EC_PARAMS);
    const auto point = bytes(CKA_EC_POINT);
    if (!parameters || !point) return {};
    return type == CKK_EC ? ec_spki(*parameters, *point) : spki::of_point(*parameters, *point);
  }
  return {};
}

ObjectTemplate& ObjectTemplate::bytes(CK_ATTRIBUTE_TYPE type, ByteView value) {
  Bytes& kept = values_.emplace_back(value.begin(), value.end());
  entries_.push_back({type, kept.data(), static_cast<CK_ULONG>(kept.size())});
  return *this;
}

ObjectTemplate& ObjectTemplate::text(CK_ATTRIBUTE_TYPE type, std::string_view value) {
  return bytes(type, view_of(value));
}

ObjectTemplate& ObjectTemplate::flag(CK_ATTRIBUTE_TYPE type, bool value) {
  const std::uint8_t byte = value ? CK_TRUE : CK_FALSE;
  return bytes(type, {&byte, 1});
}

ObjectTemplate& ObjectTemplate::number(CK_ATTRIBUTE_TYPE type, CK_ULONG value) {
  return bytes(type, {reinterpret_cast<const std::uint8_t*>(&value), sizeof value});
}

}  // namespace signet::pkcs11
