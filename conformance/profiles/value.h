// The values that a case works with: numbers, byte strings and lists of numbers.
#ifndef SIGNET_CONFORMANCE_PROFILES_VALUE_H_
#define SIGNET_CONFORMANCE_PROFILES_VALUE_H_

#include <map>
#include <string>
#include <string_view>
#include <variant>
#include <vector>

#include "common/bytes.h"
#include "cryptoki/cryptoki.h"

namespace signet::profiles {

using List = std::vector<CK_ULONG>;

// Numbers are CK_ULONG; truths are one byte, as CK_BBOOL; texts and versions ("3.0") are bytes.
using Value = std::variant<CK_ULONG, Bytes, List>;

using Values = std::map<std::string, Value, std::less<>>;

// A literal or a variable of a case:
//   12  0x1f  CKM_SHA256  CKF_A|CKF_B   a number
//   true  false                         one byte
//   3.0  "text"                         bytes as written
//   x'00ff'                             bytes in hexadecimal
//   $name  $name[0]  $name.length       a value kept before, one of its entries, how many it has
// Throws std::runtime_error where it is none of these.
Value read_value(std::string_view text, const Values& variables);

// `name`, `name[0]` or `name.length` among the values. Throws std::runtime_error where there is none.
Value look_up(std::string_view name, const Values& values);

// A number and the bytes of a CK_ULONG attribute are the same when the bytes are that number.
bool same(const Value& a, const Value& b);

// All bits of a number, or one entry of a list.
bool contains(const Value& whole, const Value& part);

// The bytes as they stand in an attribute. Throws std::runtime_error for a list.
Bytes bytes_of(const Value& value);

// Throws std::runtime_error where it is no number.
CK_ULONG number_of(const Value& value);

// For messages.
std::string show(const Value& value);

}  // namespace signet::profiles

#endif  // SIGNET_CONFORMANCE_PROFILES_VALUE_H_
