#include "pkcs11-module/object/object.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace signet::object {
namespace {

ByteView bytes_of(const CK_ULONG& number) {
  return {reinterpret_cast<const std::uint8_t*>(&number), sizeof number};
}

std::optional<ByteView> part_of_key(const crypto::PublicKey& key, CK_ATTRIBUTE_TYPE type) {
  switch (type) {
    case CKA_KEY_TYPE:
      return bytes_of(row_of(key.type()).number);
    case CKA_KEY_GEN_MECHANISM:
      return bytes_of(row_of(key.type()).generation);
    case CKA_PUBLIC_KEY_INFO:
      return key.spki();
    case CKA_MODULUS:
      return key.modulus();
    case CKA_PUBLIC_EXPONENT:
      return key.public_exponent();
    case CKA_EC_PARAMS:
      return key.ec_params();
    case CKA_EC_POINT:
      return key.ec_point();
    default:
      return std::nullopt;
  }
}

bool must_be_named(CK_OBJECT_CLASS object_class) {
  return object_class == CKO_HW_FEATURE || object_class == CKO_MECHANISM;
}

// One attribute of C_GetAttributeValue: what its code is; `wanted` gets its length, and its value
// where there is room.
CK_RV read_one(const Object& object, CK_ATTRIBUTE& wanted) {
  const CK_ULONG room = wanted.ulValueLen;
  wanted.ulValueLen = CK_UNAVAILABLE_INFORMATION;
  const auto* rule = object.rule(wanted.type);
  if (rule == nullptr) return CKR_ATTRIBUTE_TYPE_INVALID;
  if (rule->source == Source::secret) return CKR_ATTRIBUTE_SENSITIVE;
  const auto value = object.find(wanted.type);
  if (!value) return CKR_ATTRIBUTE_TYPE_INVALID;
  if (wanted.pValue != nullptr) {
    if (room < value->size()) return CKR_BUFFER_TOO_SMALL;
    if (!value->empty()) std::memcpy(wanted.pValue, value->data(), value->size());
  }
  wanted.ulValueLen = static_cast<CK_ULONG>(value->size());
  return CKR_OK;
}

// The greater, the graver.
int gravity(CK_RV rv) {
  switch (rv) {
    case CKR_ATTRIBUTE_SENSITIVE:
      return 3;
    case CKR_ATTRIBUTE_TYPE_INVALID:
      return 2;
    case CKR_BUFFER_TOO_SMALL:
      return 1;
    default:
      return 0;
  }
}

std::string sentence_for(CK_RV rv, CK_ATTRIBUTE_TYPE type) {
  switch (rv) {
    case CKR_ATTRIBUTE_SENSITIVE:
      return fmt::format("attribute 0x{:08x} is key material and never leaves the appliance", type);
    case CKR_BUFFER_TOO_SMALL:
      return fmt::format("the buffer for attribute 0x{:08x} is too small", type);
    default:
      return fmt::format("the object has no attribute 0x{:08x}", type);
  }
}

}  // namespace

std::optional<ByteView> Object::find(CK_ATTRIBUTE_TYPE type) const {
  if (const auto value = own.find(type)) return value;
  const auto* found = rule(type);
  if (found == nullptr) return std::nullopt;
  switch (found->source) {
    case Source::standard:
      return standard_value(*found);
    case Source::public_key:
      return public_key ? part_of_key(*public_key, type) : std::nullopt;
    case Source::mechanisms:
      return mechanisms ? std::optional<ByteView>(*mechanisms) : std::nullopt;
    case Source::carried:
    case Source::secret:
      return std::nullopt;
  }
  return std::nullopt;
}

bool Object::flag(CK_ATTRIBUTE_TYPE type) const {
  const auto value = find(type);
  return value && value->size() == sizeof(CK_BBOOL) && value->front() != CK_FALSE;
}

std::optional<CK_ULONG> Object::number(CK_ATTRIBUTE_TYPE type) const {
  const auto value = find(type);
  return value ? number_in(*value) : std::nullopt;
}

const AttributeRule* Object::rule(CK_ATTRIBUTE_TYPE type) const {
  return rule_for(object_class, type, family());
}

Family Object::family() const {
  return public_key ? family_of(public_key->type()) : Family::any;
}

CkResult<void> read_attributes(const Object& object, CK_ATTRIBUTE* attributes, CK_ULONG count) {
  if (count > kMaxTemplateCount) {
    return ck_error(CKR_ARGUMENTS_BAD, fmt::format("the template has {} attributes, more than {}",
                                                   count, kMaxTemplateCount));
  }
  if (count > 0 && attributes == nullptr)
    return ck_error(CKR_ARGUMENTS_BAD, "the template is NULL but has a count");
  CK_RV gravest = CKR_OK;
  CK_ATTRIBUTE_TYPE culprit = 0;
  auto* next = reinterpret_cast<std::uint8_t*>(attributes);
  for (CK_ULONG i = 0; i < count; ++i, next += sizeof(CK_ATTRIBUTE)) {
    CK_ATTRIBUTE wanted;
    std::memcpy(&wanted, next, sizeof wanted);
    const CK_RV rv = read_one(object, wanted);
    std::memcpy(next + offsetof(CK_ATTRIBUTE, ulValueLen), &wanted.ulValueLen,
                sizeof wanted.ulValueLen);
    if (gravity(rv) <= gravity(gravest)) continue;
    gravest = rv;
    culprit = wanted.type;
  }
  if (gravest != CKR_OK) return ck_error(gravest, sentence_for(gravest, culprit));
  return success();
}

CK_ULONG size_of(const Object& object) {
  std::size_t total = 0;
  for (const AttributeRule& rule : rules_of(object.object_class)) {
    if (rule.family != Family::any && rule.family != object.family()) continue;
    if (const auto value = object.find(rule.type)) total += value->size();
  }
  return static_cast<CK_ULONG>(total);
}

bool matches(const Object& object, const AttributeSet& search) {
  if (must_be_named(object.object_class) && !search.contains(CKA_CLASS)) return false;
  for (std::size_t i = 0; i < search.size(); ++i) {
    const auto wanted = search.at(i);
    const auto value = object.find(wanted.type);
    if (!value || !equal(*value, wanted.value)) return false;
  }
  return true;
}

}  // namespace signet::object
