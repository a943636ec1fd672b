// The function tables and the three functions that hand them out (PKCS#11 3.0, 5.4.4 to 5.4.6; 3.2 has the same).

#include <cstring>
#include <string_view>

#include "cryptoki/pkcs11_3_2.h"
#include "cryptoki/signet-pkcs11.h"
#include "pkcs11-module/edge/arguments.h"
#include "pkcs11-module/edge/calls.h"
#include "pkcs11-module/edge/entry.h"

namespace signet::edge {

namespace {

#define SIGNET_FREE_FUNCTION SIGNET_FUNCTION
#define SIGNET_ABSENT_FUNCTION SIGNET_FUNCTION

constexpr CK_FUNCTION_LIST_3_2 table_3_2() {
  CK_FUNCTION_LIST_3_2 table{};
  table.version = {3, 2};
#define SIGNET_FUNCTION(version, name, parameters, arguments) table.C_##name = C_##name;
#include "pkcs11-module/edge/functions.inc"
#undef SIGNET_FUNCTION
  return table;
}

#define SIGNET_TABLE_2(name) table.C_##name = C_##name;
#define SIGNET_TABLE_3(name) table.C_##name = C_##name;
#define SIGNET_TABLE_32(name)
constexpr CK_FUNCTION_LIST_3_0 table_3_0() {
  CK_FUNCTION_LIST_3_0 table{};
  table.version = {3, 0};
#define SIGNET_FUNCTION(version, name, parameters, arguments) SIGNET_TABLE_##version(name)
#include "pkcs11-module/edge/functions.inc"
#undef SIGNET_FUNCTION
  return table;
}

#undef SIGNET_TABLE_3
#define SIGNET_TABLE_3(name)
constexpr CK_FUNCTION_LIST table_2_40() {
  CK_FUNCTION_LIST table{};
  table.version = {2, 40};
#define SIGNET_FUNCTION(version, name, parameters, arguments) SIGNET_TABLE_##version(name)
#include "pkcs11-module/edge/functions.inc"
#undef SIGNET_FUNCTION
  return table;
}

#undef SIGNET_TABLE_2
#undef SIGNET_TABLE_3
#undef SIGNET_TABLE_32
#undef SIGNET_FREE_FUNCTION
#undef SIGNET_ABSENT_FUNCTION

// Not const: the interface's types hand out pointers to non-const. Nobody has a reason to write to them.
constinit CK_FUNCTION_LIST_3_2 list_3_2 = table_3_2();
constinit CK_FUNCTION_LIST_3_0 list_3_0 = table_3_0();
constinit CK_FUNCTION_LIST list_2_40 = table_2_40();
constinit CK_UTF8CHAR standard_name[] = "PKCS 11";

CK_RV set_reference(CK_SESSION_HANDLE session, const CK_UTF8CHAR* reference, CK_ULONG size) {
  return serve("set_reference", [&](token::Library& library) {
    return vendor_calls::set_reference(library, session, reference, size);
  });
}

CK_RV last_request_id(CK_SESSION_HANDLE session, CK_UTF8CHAR* id, CK_ULONG* size) {
  return serve("last_request_id", [&](token::Library& library) {
    return vendor_calls::last_request_id(library, session, id, size);
  });
}

CK_RV time_stamp(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE hash, const CK_BYTE* digest,
                 CK_ULONG digest_size, const CK_BYTE* nonce, CK_ULONG nonce_size,
                 CK_ULONG milliseconds, CK_BYTE* token, CK_ULONG* token_size) {
  return serve("time_stamp", [&](token::Library& library) {
    const vendor_calls::WantedTimeStamp wanted{hash,  digest,     digest_size,
                                               nonce, nonce_size, milliseconds};
    return vendor_calls::time_stamp(library, session, wanted, token, token_size);
  });
}

constexpr signet_vendor_functions vendor_table(CK_BYTE minor) {
  return {{1, minor}, set_reference, last_request_id, time_stamp};
}
constinit signet_vendor_functions vendor_list_1_1 = vendor_table(1);
// Its users know of the functions before time_stamp.
constinit signet_vendor_functions vendor_list_1_0 = vendor_table(0);
constinit CK_UTF8CHAR vendor_name[] = SIGNET_VENDOR_INTERFACE;

// Callers that name no version get the first: 3.0, with which programs are tried; 3.2 is for those who ask for it. No flags: after a fork the child must call
// C_Initialize again, so CKF_INTERFACE_FORK_SAFE would be a lie.
constinit CK_INTERFACE interfaces[] = {
    {standard_name, &list_3_0, 0},
    {standard_name, &list_3_2, 0},
    {standard_name, &list_2_40, 0},
};

// To be asked for by name. It is not in C_GetInterfaceList's list, since programs that walk through that take each table for
// one of PKCS#11's.
constinit CK_INTERFACE vendor_interfaces[] = {
    {vendor_name, &vendor_list_1_1, 0},
    {vendor_name, &vendor_list_1_0, 0},
};

CK_VERSION version_of(const CK_INTERFACE& candidate) {
  // Every function table begins with its version.
  return *static_cast<const CK_VERSION*>(candidate.pFunctionList);
}

std::string_view name_text(const CK_UTF8CHAR* name) {
  return reinterpret_cast<const char*>(name);
}

bool fits(const CK_INTERFACE& candidate, const CK_UTF8CHAR* name, const CK_VERSION* version,
          CK_FLAGS flags) {
  if (name != nullptr && name_text(name) != name_text(candidate.pInterfaceName)) return false;
  if (version != nullptr && (version->major != version_of(candidate).major ||
                             version->minor != version_of(candidate).minor)) {
    return false;
  }
  return (flags & ~candidate.flags) == 0;
}

}  // namespace

namespace free_calls {

CkResult<void> GetFunctionList(CK_FUNCTION_LIST_PTR_PTR list) {
  BOOST_OUTCOME_TRY(required(list, "ppFunctionList"));
  *list = &list_2_40;
  return success();
}

CkResult<void> GetInterfaceList(CK_INTERFACE_PTR out, CK_ULONG_PTR count) {
  BOOST_OUTCOME_TRY(required(count, "pulCount"));
  const CK_ULONG room = *count;
  *count = std::size(interfaces);
  if (out == nullptr) return success();
  if (room < std::size(interfaces)) {
    return ck_error(CKR_BUFFER_TOO_SMALL, "the list has more interfaces than the buffer");
  }
  std::memcpy(out, interfaces, sizeof interfaces);
  return success();
}

CkResult<void> GetInterface(CK_UTF8CHAR_PTR name, CK_VERSION_PTR version,
                            CK_INTERFACE_PTR_PTR interface_out, CK_FLAGS flags) {
  BOOST_OUTCOME_TRY(required(interface_out, "ppInterface"));
  for (CK_INTERFACE& candidate : interfaces) {
    if (!fits(candidate, name, version, flags)) continue;
    *interface_out = &candidate;
    return success();
  }
  for (CK_INTERFACE& candidate : vendor_interfaces) {
    if (name == nullptr || !fits(candidate, name, version, flags)) continue;
    *interface_out = &candidate;
    return success();
  }
  // What NSS's own module and p11-kit answer; programs try other names and versions first as a matter of course.
  return ck_error(CKR_ARGUMENTS_BAD,
                  "no such interface: there are \"PKCS 11\" 3.2, 3.0 and 2.40 and \"Vendor "
                  "Signet\" 1.1 and 1.0, "
                  "without flags");
}

}  // namespace free_calls

}  // namespace signet::edge
