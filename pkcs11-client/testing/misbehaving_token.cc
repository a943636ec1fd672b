// A PKCS#11 module for tests, with one token that refuses every PIN and lies about sizes. It counts the logins.
#include <unistd.h>

#include <algorithm>
#include <atomic>
#include <cstring>
#include <utility>

#include "cryptoki/cryptoki.h"

namespace {

constexpr CK_ULONG kTooMany = 1000;     // more than any buffer here is asked for
constexpr unsigned kSlowness = 50'000;  // microseconds of a login, as on a card

std::atomic<unsigned> logins{0};
CK_OBJECT_CLASS sought = 0;
CK_ULONG left = 0;  // of the objects sought

CK_RV initialize(void* /*arguments*/) {
  return CKR_OK;
}

// Says that it has more slots than there is room for, and writes what there is room for.
CK_RV get_slot_list(CK_BBOOL /*present*/, CK_SLOT_ID* slots, CK_ULONG* count) {
  for (CK_ULONG i = 0; slots != nullptr && i < *count; ++i) slots[i] = i;
  *count = kTooMany;
  return CKR_OK;
}

CK_RV get_token_info(CK_SLOT_ID slot, CK_TOKEN_INFO* info) {
  std::memset(info, ' ', sizeof *info);
  info->flags = CKF_TOKEN_INITIALIZED | CKF_LOGIN_REQUIRED;
  if (slot == 0) std::memcpy(info->label, "misbehaving", 11);
  return CKR_OK;
}

CK_RV open_session(CK_SLOT_ID /*slot*/, CK_FLAGS /*flags*/, void* /*application*/,
                   CK_NOTIFY /*notify*/, CK_SESSION_HANDLE* session) {
  *session = 1;
  return CKR_OK;
}

CK_RV close_session(CK_SESSION_HANDLE /*session*/) {
  return CKR_OK;
}

CK_RV login(CK_SESSION_HANDLE /*session*/, CK_USER_TYPE /*user*/, CK_UTF8CHAR* /*pin*/,
            CK_ULONG /*size*/) {
  ++logins;
  usleep(kSlowness);
  return CKR_PIN_INCORRECT;
}

CK_RV find_objects_init(CK_SESSION_HANDLE /*session*/, CK_ATTRIBUTE* wanted, CK_ULONG /*count*/) {
  std::memcpy(&sought, wanted->pValue, sizeof sought);
  left = 1;
  return CKR_OK;
}

// Of certificates there is no end, and more at once than there is room for.
CK_RV find_objects(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE* found, CK_ULONG room,
                   CK_ULONG* count) {
  std::fill_n(found, room, CK_OBJECT_HANDLE{1});
  *count = sought == CKO_CERTIFICATE ? kTooMany : std::exchange(left, 0);
  return CKR_OK;
}

CK_RV find_objects_final(CK_SESSION_HANDLE /*session*/) {
  return CKR_OK;
}

// Four bytes; then says that there were more.
CK_RV get_attribute_value(CK_SESSION_HANDLE /*session*/, CK_OBJECT_HANDLE /*object*/,
                          CK_ATTRIBUTE* attribute, CK_ULONG /*count*/) {
  attribute->ulValueLen = attribute->pValue == nullptr ? 4 : kTooMany;
  return CKR_OK;
}

CK_RV sign_init(CK_SESSION_HANDLE /*session*/, CK_MECHANISM* /*mechanism*/,
                CK_OBJECT_HANDLE /*key*/) {
  return CKR_OK;
}

CK_RV sign(CK_SESSION_HANDLE /*session*/, CK_BYTE* /*data*/, CK_ULONG /*size*/,
           CK_BYTE* /*signature*/, CK_ULONG* signature_size) {
  *signature_size = kTooMany;
  return CKR_OK;
}

CK_RV finalize(void* /*reserved*/) {
  return CKR_OK;
}

CK_FUNCTION_LIST functions_of_the_token() {
  CK_FUNCTION_LIST list{};
  list.version = {2, 40};
  list.C_Initialize = initialize;
  list.C_Finalize = finalize;
  list.C_GetSlotList = get_slot_list;
  list.C_GetTokenInfo = get_token_info;
  list.C_OpenSession = open_session;
  list.C_CloseSession = close_session;
  list.C_Login = login;
  list.C_FindObjectsInit = find_objects_init;
  list.C_FindObjects = find_objects;
  list.C_FindObjectsFinal = find_objects_final;
  list.C_GetAttributeValue = get_attribute_value;
  list.C_SignInit = sign_init;
  list.C_Sign = sign;
  return list;
}

}  // namespace

extern "C" __attribute__((visibility("default"))) unsigned misbehaving_token_logins() {
  return logins;
}

extern "C" __attribute__((visibility("default"))) CK_RV C_GetFunctionList(
    CK_FUNCTION_LIST** functions) {
  static CK_FUNCTION_LIST list = functions_of_the_token();
  *functions = &list;
  return CKR_OK;
}
