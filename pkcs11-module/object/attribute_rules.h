// What PKCS#11 3.0 (chapter 4) says of each attribute of each class of object, as data: one table a
// class. Reading, searching, making, changing and copying objects all follow these tables.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTE_RULES_H_
#define SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTE_RULES_H_

#include <cstdint>
#include <optional>
#include <span>

#include "common/bytes.h"
#include "crypto/algorithm.h"
#include "cryptoki/cryptoki.h"

namespace signet::object {

enum class Kind : std::uint8_t {
  boolean,  // CK_BBOOL
  number,   // CK_ULONG
  date,     // CK_DATE or empty
  numbers,  // an array of CK_ULONG (CKA_ALLOWED_MECHANISMS)
  bytes,
};

// Where the value comes from. What an object carries itself goes before all but `secret`.
enum class Source : std::uint8_t {
  standard,    // the table's own value: `standard` for booleans and numbers, empty for the rest
  carried,     // only what the object carries; without it the attribute is absent
  public_key,  // the key's parts
  mechanisms,  // what the token does with such a key; absent where that is not known
  secret,      // never readable: CKR_ATTRIBUTE_SENSITIVE
};

// What may be said of the attribute when a caller makes an object (C_CreateObject).
enum class Making : std::uint8_t {
  required,  // must be given
  taken,     // the object gets the value; the table's own where none is given
  agrees,    // a value must be the one that the object has anyway, or empty:
             // CKR_TEMPLATE_INCONSISTENT
  asked,     // a use that cannot be had: any value is passed over and the table's own is shown
  refused,   // CKR_ATTRIBUTE_READ_ONLY
};

enum class Family : std::uint8_t {
  any,
  rsa,
  ec
};  // the keys that have the attribute; ec: Edwards too

// In the order of the tables' columns.
struct AttributeRule {  // NOLINT(clang-analyzer-optin.performance.Padding)
  CK_ATTRIBUTE_TYPE type;
  Kind kind;
  Source source = Source::standard;
  Making making = Making::refused;
  bool changeable = false;  // by C_SetAttributeValue
  CK_ULONG standard = 0;
  Family family = Family::any;
};

// Empty for a class that has no objects here.
std::span<const AttributeRule> rules_of(CK_OBJECT_CLASS object_class);

const AttributeRule* rule_for(CK_OBJECT_CLASS object_class, CK_ATTRIBUTE_TYPE type, Family family);

Family family_of(crypto::KeyType key_type);

// The table's own value in PKCS#11's form; valid for ever.
ByteView standard_value(const AttributeRule& rule);

// What the type is known to be, in these classes or any other of the standard.
std::optional<Kind> kind_of(CK_ATTRIBUTE_TYPE type);

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTE_RULES_H_
