#include "pkcs11-module/edge/testing/attribute_markdown.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

#include "pkcs11-module/object/attribute_rules.h"

namespace signet::edge::testing {
namespace {

using object::AttributeRule;
using object::Family;
using object::Kind;
using object::Making;
using object::Source;

struct Named {
  CK_ATTRIBUTE_TYPE type;
  const char* name;
};

#define SIGNET_NAMED(name) \
  Named {                  \
    name, #name            \
  }
constexpr Named kNames[] = {
    SIGNET_NAMED(CKA_CLASS),
    SIGNET_NAMED(CKA_TOKEN),
    SIGNET_NAMED(CKA_PRIVATE),
    SIGNET_NAMED(CKA_MODIFIABLE),
    SIGNET_NAMED(CKA_COPYABLE),
    SIGNET_NAMED(CKA_DESTROYABLE),
    SIGNET_NAMED(CKA_LABEL),
    SIGNET_NAMED(CKA_UNIQUE_ID),
    SIGNET_NAMED(CKA_KEY_TYPE),
    SIGNET_NAMED(CKA_ID),
    SIGNET_NAMED(CKA_START_DATE),
    SIGNET_NAMED(CKA_END_DATE),
    SIGNET_NAMED(CKA_DERIVE),
    SIGNET_NAMED(CKA_LOCAL),
    SIGNET_NAMED(CKA_KEY_GEN_MECHANISM),
    SIGNET_NAMED(CKA_ALLOWED_MECHANISMS),
    SIGNET_NAMED(CKA_SUBJECT),
    SIGNET_NAMED(CKA_SENSITIVE),
    SIGNET_NAMED(CKA_DECRYPT),
    SIGNET_NAMED(CKA_SIGN),
    SIGNET_NAMED(CKA_SIGN_RECOVER),
    SIGNET_NAMED(CKA_UNWRAP),
    SIGNET_NAMED(CKA_EXTRACTABLE),
    SIGNET_NAMED(CKA_ALWAYS_SENSITIVE),
    SIGNET_NAMED(CKA_NEVER_EXTRACTABLE),
    SIGNET_NAMED(CKA_WRAP_WITH_TRUSTED),
    SIGNET_NAMED(CKA_ALWAYS_AUTHENTICATE),
    SIGNET_NAMED(CKA_PUBLIC_KEY_INFO),
    SIGNET_NAMED(CKA_MODULUS),
    SIGNET_NAMED(CKA_PUBLIC_EXPONENT),
    SIGNET_NAMED(CKA_PRIVATE_EXPONENT),
    SIGNET_NAMED(CKA_PRIME_1),
    SIGNET_NAMED(CKA_PRIME_2),
    SIGNET_NAMED(CKA_EXPONENT_1),
    SIGNET_NAMED(CKA_EXPONENT_2),
    SIGNET_NAMED(CKA_COEFFICIENT),
    SIGNET_NAMED(CKA_EC_PARAMS),
    SIGNET_NAMED(CKA_EC_POINT),
    SIGNET_NAMED(CKA_VALUE),
    SIGNET_NAMED(CKA_ENCRYPT),
    SIGNET_NAMED(CKA_VERIFY),
    SIGNET_NAMED(CKA_VERIFY_RECOVER),
    SIGNET_NAMED(CKA_WRAP),
    SIGNET_NAMED(CKA_TRUSTED),
    SIGNET_NAMED(CKA_MODULUS_BITS),
    SIGNET_NAMED(CKA_CERTIFICATE_TYPE),
    SIGNET_NAMED(CKA_CERTIFICATE_CATEGORY),
    SIGNET_NAMED(CKA_CHECK_VALUE),
    SIGNET_NAMED(CKA_ISSUER),
    SIGNET_NAMED(CKA_SERIAL_NUMBER),
    SIGNET_NAMED(CKA_URL),
    SIGNET_NAMED(CKA_HASH_OF_SUBJECT_PUBLIC_KEY),
    SIGNET_NAMED(CKA_HASH_OF_ISSUER_PUBLIC_KEY),
    SIGNET_NAMED(CKA_JAVA_MIDP_SECURITY_DOMAIN),
    SIGNET_NAMED(CKA_NAME_HASH_ALGORITHM),
    SIGNET_NAMED(CKA_APPLICATION),
    SIGNET_NAMED(CKA_OBJECT_ID),
    SIGNET_NAMED(CKA_MECHANISM_TYPE),
    SIGNET_NAMED(CKA_PROFILE_ID),
    SIGNET_NAMED(CKA_HW_FEATURE_TYPE),
    SIGNET_NAMED(CKA_PIXEL_X),
    SIGNET_NAMED(CKA_PIXEL_Y),
    SIGNET_NAMED(CKA_RESOLUTION),
    SIGNET_NAMED(CKA_CHAR_ROWS),
    SIGNET_NAMED(CKA_CHAR_COLUMNS),
    SIGNET_NAMED(CKA_COLOR),
    SIGNET_NAMED(CKA_BITS_PER_PIXEL),
    SIGNET_NAMED(CKA_CHAR_SETS),
    SIGNET_NAMED(CKA_ENCODING_METHODS),
    SIGNET_NAMED(CKA_MIME_TYPES),
};
#undef SIGNET_NAMED

struct Class {
  CK_OBJECT_CLASS object_class;
  const char* name;
  const char* title;
};

constexpr Class kClasses[] = {
    {CKO_PRIVATE_KEY, "CKO_PRIVATE_KEY", "Private keys"},
    {CKO_PUBLIC_KEY, "CKO_PUBLIC_KEY", "Public keys"},
    {CKO_CERTIFICATE, "CKO_CERTIFICATE", "Certificates"},
    {CKO_DATA, "CKO_DATA", "Data (session objects only)"},
    {CKO_MECHANISM, "CKO_MECHANISM", "Mechanisms"},
    {CKO_PROFILE, "CKO_PROFILE", "Profiles"},
    {CKO_HW_FEATURE, "CKO_HW_FEATURE", "Hardware features"},
};

std::string name_of(CK_ATTRIBUTE_TYPE type) {
  const auto* const found = std::ranges::find(kNames, type, &Named::type);
  if (found == std::end(kNames)) {
    throw std::runtime_error(
        fmt::format("attribute {:#x} has no name in attribute_markdown.cc", type));
  }
  return found->name;
}

std::string number(const AttributeRule& rule) {
  switch (rule.type) {
    case CKA_CLASS:
      return std::ranges::find(kClasses, rule.standard, &Class::object_class)->name;
    case CKA_CERTIFICATE_TYPE:
      return rule.standard == CKC_X_509 ? "CKC_X_509" : fmt::to_string(rule.standard);
    case CKA_NAME_HASH_ALGORITHM:
      return rule.standard == CKM_SHA_1 ? "CKM_SHA_1" : fmt::to_string(rule.standard);
    case CKA_HW_FEATURE_TYPE:
      return rule.standard == CKH_USER_INTERFACE ? "CKH_USER_INTERFACE"
                                                 : fmt::to_string(rule.standard);
    default:
      return fmt::to_string(rule.standard);
  }
}

std::string value(const AttributeRule& rule) {
  switch (rule.source) {
    case Source::carried:
      return "the object's own";
    case Source::public_key:
      return "the key's";
    case Source::mechanisms:
      return "what the token does with such a key";
    case Source::secret:
      return "`CKR_ATTRIBUTE_SENSITIVE`";
    case Source::standard:
      break;
  }
  if (rule.kind == Kind::boolean) return rule.standard == CK_TRUE ? "`CK_TRUE`" : "`CK_FALSE`";
  if (rule.kind == Kind::number) return fmt::format("`{}`", number(rule));
  return "empty";
}

std::string type(const AttributeRule& rule) {
  switch (rule.kind) {
    case Kind::boolean:
      return "`CK_BBOOL`";
    case Kind::number:
      return "`CK_ULONG`";
    case Kind::date:
      return "`CK_DATE`";
    case Kind::numbers:
      return "`CK_ULONG` array";
    case Kind::bytes:
      return "bytes";
  }
  return "";
}

std::string making(const AttributeRule& rule) {
  switch (rule.making) {
    case Making::required:
      return "required";
    case Making::taken:
      return "taken";
    case Making::agrees:
      return "must agree";
    case Making::asked:
      return "passed over";
    case Making::refused:
      return "refused";
  }
  return "";
}

std::string keys(const AttributeRule& rule) {
  if (rule.family == Family::any) return "";
  return rule.family == Family::rsa ? "RSA" : "EC, Ed25519";
}

}  // namespace

std::string attribute_tables() {
  std::string text;
  for (const Class& one : kClasses) {
    text += fmt::format(
        "### {}: `{}`\n\n"
        "| attribute | keys | type | value | in `C_CreateObject` | changeable |\n"
        "|---|---|---|---|---|---|\n",
        one.title, one.name);
    for (const AttributeRule& rule : object::rules_of(one.object_class)) {
      text += fmt::format("| `{}` | {} | {} | {} | {} | {} |\n", name_of(rule.type), keys(rule),
                          type(rule), value(rule), making(rule), rule.changeable ? "yes" : "");
    }
    text += "\n";
  }
  text.pop_back();
  return text;
}

}  // namespace signet::edge::testing
