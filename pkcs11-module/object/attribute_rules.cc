#include "pkcs11-module/object/attribute_rules.h"

#include <algorithm>

#include "pkcs11-module/object/attribute_tables.h"

namespace signet::object {
namespace {

constexpr CK_BBOOL kTrueByte = CK_TRUE;
constexpr CK_BBOOL kFalseByte = CK_FALSE;

}  // namespace

std::span<const AttributeRule> rules_of(CK_OBJECT_CLASS object_class) {
  for (const auto& table : attribute_tables()) {
    const AttributeRule& first = table.front();
    if (first.type == CKA_CLASS && first.standard == object_class) return table;
  }
  return {};
}

const AttributeRule* rule_for(CK_OBJECT_CLASS object_class, CK_ATTRIBUTE_TYPE type, Family family) {
  const auto rules = rules_of(object_class);
  const auto found = std::find_if(rules.begin(), rules.end(), [&](const AttributeRule& rule) {
    return rule.type == type && (rule.family == Family::any || rule.family == family);
  });
  return found == rules.end() ? nullptr : &*found;
}

Family family_of(crypto::KeyType key_type) {
  return key_type == crypto::KeyType::rsa ? Family::rsa : Family::ec;
}

ByteView standard_value(const AttributeRule& rule) {
  switch (rule.kind) {
    case Kind::boolean:
      return {rule.standard == CK_TRUE ? &kTrueByte : &kFalseByte, 1};
    case Kind::number:
      return {reinterpret_cast<const std::uint8_t*>(&rule.standard), sizeof rule.standard};
    default:
      return {};
  }
}

std::optional<Kind> kind_of(CK_ATTRIBUTE_TYPE type) {
  for (const auto& table : attribute_tables()) {
    const auto found = std::find_if(table.begin(), table.end(),
                                    [&](const AttributeRule& rule) { return rule.type == type; });
    if (found != table.end()) return found->kind;
  }
  return std::nullopt;
}

}  // namespace signet::object
