// Checks of a call's arguments.
#ifndef SIGNET_PKCS11_MODULE_EDGE_ARGUMENTS_H_
#define SIGNET_PKCS11_MODULE_EDGE_ARGUMENTS_H_

#include <string>

#include "common/bytes.h"
#include "crypto/ck_result.h"
#include "cryptoki/cryptoki.h"

namespace signet::edge {

// CKR_ARGUMENTS_BAD for a NULL pointer.
inline CkResult<void> required(const void* pointer, const char* name) {
  if (pointer != nullptr) return success();
  return ck_error(CKR_ARGUMENTS_BAD, std::string(name) + " is NULL");
}

// Input of a caller: NULL is legal only with length 0, else CKR_ARGUMENTS_BAD.
inline CkResult<ByteView> input(const CK_BYTE* data, CK_ULONG size, const char* name) {
  if (size == 0) return ByteView{};
  BOOST_OUTCOME_TRY(required(data, name));
  // No object is larger than half the address space; a length beyond is a mistake such as -1.
  if (size > SIZE_MAX / 2)
    return ck_error(CKR_ARGUMENTS_BAD, std::string(name) + " has an impossible length");
  return ByteView(data, size);
}

}  // namespace signet::edge

#endif  // SIGNET_PKCS11_MODULE_EDGE_ARGUMENTS_H_
