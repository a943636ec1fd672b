// A PKCS#11 module that hands on to SoftHSMv2, but has no room: with FULL_CARD_AFTER=N from the N-th new object on, with
// FULL_CARD_AFTER=data for data objects only.
#include <dlfcn.h>

#include <cstdlib>
#include <string>

#include "cryptoki/cryptoki.h"

namespace {

CK_FUNCTION_LIST* whole = nullptr;
CK_FUNCTION_LIST narrow;
int made = 0;

bool is_full(bool data) {
  const char* after = std::getenv("FULL_CARD_AFTER");
  if (after == nullptr) return false;
  if (std::string(after) == "data") return data;
  return made++ >= std::atoi(after);
}

bool is_data(const CK_ATTRIBUTE* attributes, CK_ULONG count) {
  for (CK_ULONG at = 0; at < count; ++at)
    if (attributes[at].type == CKA_CLASS &&
        *static_cast<const CK_OBJECT_CLASS*>(attributes[at].pValue) == CKO_DATA)
      return true;
  return false;
}

CK_RV create(CK_SESSION_HANDLE session, CK_ATTRIBUTE* attributes, CK_ULONG count,
             CK_OBJECT_HANDLE* object) {
  if (is_full(is_data(attributes, count))) return CKR_DEVICE_MEMORY;
  return whole->C_CreateObject(session, attributes, count, object);
}

CK_RV generate(CK_SESSION_HANDLE session, CK_MECHANISM* mechanism, CK_ATTRIBUTE* open,
               CK_ULONG open_count, CK_ATTRIBUTE* secret, CK_ULONG secret_count,
               CK_OBJECT_HANDLE* public_key, CK_OBJECT_HANDLE* private_key) {
  if (is_full(false)) return CKR_DEVICE_MEMORY;
  return whole->C_GenerateKeyPair(session, mechanism, open, open_count, secret, secret_count,
                                  public_key, private_key);
}

}  // namespace

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(CK_FUNCTION_LIST** list) {
  void* const softhsm = dlopen(SIGNET_TEST_SOFTHSM, RTLD_NOW | RTLD_LOCAL);
  if (softhsm == nullptr) return CKR_GENERAL_ERROR;
  const auto get =
      reinterpret_cast<CK_RV (*)(CK_FUNCTION_LIST**)>(dlsym(softhsm, "C_GetFunctionList"));
  if (get == nullptr || get(&whole) != CKR_OK) return CKR_GENERAL_ERROR;
  narrow = *whole;
  narrow.C_CreateObject = create;
  narrow.C_GenerateKeyPair = generate;
  *list = &narrow;
  return CKR_OK;
}
