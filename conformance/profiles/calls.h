// Makes the calls of a case.
#ifndef SIGNET_CONFORMANCE_PROFILES_CALLS_H_
#define SIGNET_CONFORMANCE_PROFILES_CALLS_H_

#include "conformance/profiles/arguments.h"
#include "conformance/profiles/value.h"
#include "cryptoki/cryptoki.h"

namespace signet::profiles {

// The module's newest table. The 3.0 functions are there from version 3.0 on only.
struct Functions {
  CK_FUNCTION_LIST_3_0* table = nullptr;
  CK_C_GetInterfaceList get_interface_list = nullptr;  // NULL before 3.0
  CK_C_GetInterface get_interface = nullptr;
};

// What a call gives is in `results` under the names of the standard's parameters and fields, in camelCase without
// their prefixes: C_GetTokenInfo's ulMinPinLen is minPinLen. Buffers are arguments that say how many entries they
// have room for (`objects=5`); an argument that is left out passes NULL, which asks for the length.
//
// One call is none of PKCS#11: `verify` checks a signature with OpenSSL, outside of the module, and answers CKR_OK or
// CKR_SIGNATURE_INVALID.
//
// Throws std::runtime_error for a call or an argument that is not known.
CK_RV make_call(const Functions& functions, const std::string& name, Arguments& arguments,
                Values& results);

}  // namespace signet::profiles

#endif  // SIGNET_CONFORMANCE_PROFILES_CALLS_H_
