// The functions of functions.inc as data: names, parameters, and a way to call each with values that are
// known only at run time. For tests that go over all functions.
#ifndef SIGNET_PKCS11_MODULE_EDGE_TESTING_REFLECTION_H_
#define SIGNET_PKCS11_MODULE_EDGE_TESTING_REFLECTION_H_

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "cryptoki/pkcs11_3_2.h"

namespace signet::edge::testing {

// An argument: a number or a pointer, as the parameter's type says.
struct Value {
  CK_ULONG number = 0;
  void* pointer = nullptr;
};

struct Parameter {
  std::string type;  // "CK_SESSION_HANDLE"
  std::string name;  // "session"

  bool is_pointer() const;
};

struct Function {
  std::string name;     // "C_Sign"
  int version = 2;      // 2: also in the 2.40 table; 3: since 3.0; 32: since 3.2
  bool free = false;    // works before C_Initialize
  bool absent = false;  // CKR_FUNCTION_NOT_SUPPORTED
  std::vector<Parameter> parameters;
  std::function<CK_RV(std::span<const Value>)> call;  // one value a parameter

  // The place of a parameter, or npos.
  std::size_t place_of(std::string_view parameter) const;
  static constexpr std::size_t npos = static_cast<std::size_t>(-1);
};

const std::vector<Function>& all_functions();
const Function& function_named(std::string_view name);

}  // namespace signet::edge::testing

#endif  // SIGNET_PKCS11_MODULE_EDGE_TESTING_REFLECTION_H_
