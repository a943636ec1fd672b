// The tables behind attribute_rules.h.
#ifndef SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTE_TABLES_H_
#define SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTE_TABLES_H_

#include <span>

#include "pkcs11-module/object/attribute_rules.h"

namespace signet::object {

// One a class, each beginning with its CKA_CLASS, and a last one with attributes of classes that
// have no objects here (of those only the kind counts).
std::span<const std::span<const AttributeRule>> attribute_tables();

}  // namespace signet::object

#endif  // SIGNET_PKCS11_MODULE_OBJECT_ATTRIBUTE_TABLES_H_
