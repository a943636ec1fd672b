#include "tests/fuzz/support/allowed_codes.h"

#include <algorithm>
#include <map>
#include <vector>

#include "cryptoki/rv_name.h"
#include "tests/fuzz/support/require.h"

namespace signet::fuzz {
namespace {

using Codes = std::vector<CK_RV>;

// 5.1.1 to 5.1.3, less what says that something is broken in us.
const Codes kAnyCall{CKR_OK,
                     CKR_ARGUMENTS_BAD,
                     CKR_CRYPTOKI_NOT_INITIALIZED,
                     CKR_DEVICE_ERROR,
                     CKR_DEVICE_MEMORY,
                     CKR_DEVICE_REMOVED,
                     CKR_FUNCTION_FAILED};

const Codes kSession{CKR_SESSION_HANDLE_INVALID, CKR_SESSION_CLOSED};

// What the appliance says of the account; the account may have changed since the login, so every call that asks it
// may hear this, whether its section lists it or not (docs/pkcs11.md).
const Codes kAccount{CKR_PIN_INCORRECT,         CKR_PIN_LOCKED,
                     CKR_PIN_EXPIRED,           CKR_USER_PIN_NOT_INITIALIZED,
                     CKR_USER_NOT_LOGGED_IN,    CKR_ACTION_PROHIBITED,
                     CKR_FUNCTION_NOT_SUPPORTED};

const Codes kTemplate{
    CKR_ATTRIBUTE_READ_ONLY, CKR_ATTRIBUTE_TYPE_INVALID, CKR_ATTRIBUTE_VALUE_INVALID,
    CKR_TEMPLATE_INCOMPLETE, CKR_TEMPLATE_INCONSISTENT,  CKR_SESSION_READ_ONLY,
    CKR_CURVE_NOT_SUPPORTED, CKR_TOKEN_WRITE_PROTECTED,  CKR_DOMAIN_PARAMS_INVALID};

const Codes kMechanism{CKR_MECHANISM_INVALID, CKR_MECHANISM_PARAM_INVALID, CKR_OPERATION_ACTIVE};

const Codes kKey{CKR_KEY_FUNCTION_NOT_PERMITTED, CKR_KEY_HANDLE_INVALID, CKR_KEY_SIZE_RANGE,
                 CKR_KEY_TYPE_INCONSISTENT, CKR_USER_NOT_LOGGED_IN};

// CKR_OPERATION_ACTIVE: C_Sign after C_SignUpdate and the like, which the standard forbids without naming a code.
const Codes kData{CKR_DATA_INVALID, CKR_DATA_LEN_RANGE, CKR_OPERATION_NOT_INITIALIZED,
                  CKR_OPERATION_ACTIVE};

// The appliance may have lost the key, or refuse mechanism and parameter, only when it is asked to sign.
const Codes kSigning{CKR_BUFFER_TOO_SMALL, CKR_KEY_HANDLE_INVALID, CKR_MECHANISM_INVALID,
                     CKR_MECHANISM_PARAM_INVALID};

const Codes kVerifying{CKR_SIGNATURE_INVALID, CKR_SIGNATURE_LEN_RANGE};

const Codes kLogin{CKR_OPERATION_NOT_INITIALIZED, CKR_SESSION_READ_ONLY_EXISTS,
                   CKR_USER_ALREADY_LOGGED_IN,    CKR_USER_ANOTHER_ALREADY_LOGGED_IN,
                   CKR_USER_TYPE_INVALID,         CKR_USER_TOO_MANY_TYPES};

const Codes kNewPin{CKR_PIN_INVALID, CKR_PIN_LEN_RANGE, CKR_SESSION_READ_ONLY};

Codes all_of(std::initializer_list<Codes> lists) {
  Codes all;
  for (const Codes& list : lists) all.insert(all.end(), list.begin(), list.end());
  return all;
}

const std::map<std::string_view, Codes>& table() {
  static const std::map<std::string_view, Codes> rows{
      {"C_Initialize",
       {CKR_CANT_LOCK, CKR_CRYPTOKI_ALREADY_INITIALIZED, CKR_NEED_TO_CREATE_THREADS}},
      {"C_Finalize", {}},
      {"C_GetInfo", {}},
      {"C_GetSlotList", {CKR_BUFFER_TOO_SMALL}},
      {"C_GetSlotInfo", {CKR_SLOT_ID_INVALID}},
      {"C_GetTokenInfo", {CKR_SLOT_ID_INVALID, CKR_TOKEN_NOT_PRESENT}},
      {"C_GetMechanismList", {CKR_BUFFER_TOO_SMALL, CKR_SLOT_ID_INVALID}},
      {"C_GetMechanismInfo", {CKR_MECHANISM_INVALID, CKR_SLOT_ID_INVALID}},
      {"C_InitPIN", all_of({kSession, kAccount, kNewPin})},
      {"C_SetPIN", all_of({kSession, kAccount, kNewPin})},
      {"C_OpenSession",
       {CKR_SESSION_COUNT, CKR_SESSION_PARALLEL_NOT_SUPPORTED, CKR_SESSION_READ_WRITE_SO_EXISTS,
        CKR_SLOT_ID_INVALID}},
      {"C_CloseSession", kSession},
      {"C_CloseAllSessions", {CKR_SLOT_ID_INVALID}},
      {"C_GetSessionInfo", kSession},
      {"C_Login", all_of({kSession, kAccount, kLogin})},
      {"C_LoginUser", all_of({kSession, kAccount, kLogin})},
      {"C_Logout", all_of({kSession, {CKR_USER_NOT_LOGGED_IN}})},
      // CKR_KEY_SIZE_RANGE: public keys of sizes that nobody uses.
      {"C_CreateObject", all_of({kSession, kAccount, kTemplate, {CKR_KEY_SIZE_RANGE}})},
      {"C_CopyObject",
       all_of({kSession,
               kTemplate,
               {CKR_OBJECT_HANDLE_INVALID, CKR_ACTION_PROHIBITED, CKR_USER_NOT_LOGGED_IN}})},
      {"C_DestroyObject",
       all_of({kSession, kAccount, {CKR_OBJECT_HANDLE_INVALID, CKR_SESSION_READ_ONLY}})},
      {"C_GetObjectSize", all_of({kSession, {CKR_OBJECT_HANDLE_INVALID}})},
      {"C_GetAttributeValue", all_of({kSession,
                                      {CKR_ATTRIBUTE_SENSITIVE, CKR_ATTRIBUTE_TYPE_INVALID,
                                       CKR_BUFFER_TOO_SMALL, CKR_OBJECT_HANDLE_INVALID}})},
      {"C_SetAttributeValue", all_of({kSession, kAccount, kTemplate, {CKR_OBJECT_HANDLE_INVALID}})},
      {"C_FindObjectsInit",
       all_of({kSession, {CKR_ATTRIBUTE_VALUE_INVALID, CKR_OPERATION_ACTIVE}})},
      {"C_FindObjects", all_of({kSession, {CKR_OPERATION_NOT_INITIALIZED}})},
      {"C_FindObjectsFinal", all_of({kSession, {CKR_OPERATION_NOT_INITIALIZED}})},
      {"C_DigestInit", all_of({kSession, kMechanism})},
      {"C_Digest", all_of({kSession, kData, {CKR_BUFFER_TOO_SMALL}})},
      {"C_DigestUpdate", all_of({kSession, kData})},
      {"C_DigestFinal", all_of({kSession, kData, {CKR_BUFFER_TOO_SMALL}})},
      {"C_SignInit", all_of({kSession, kMechanism, kKey})},
      {"C_Sign", all_of({kSession, kAccount, kData, kSigning})},
      {"C_SignUpdate", all_of({kSession, kData})},
      {"C_SignFinal", all_of({kSession, kAccount, kData, kSigning})},
      {"C_VerifyInit", all_of({kSession, kMechanism, kKey})},
      {"C_Verify", all_of({kSession, kData, kVerifying})},
      {"C_VerifyUpdate", all_of({kSession, kData})},
      {"C_VerifyFinal", all_of({kSession, kData, kVerifying})},
      {"C_GenerateKeyPair",
       all_of({kSession, kAccount, kTemplate, kMechanism, {CKR_KEY_SIZE_RANGE}})},
      {"C_SeedRandom", all_of({kSession, {CKR_RANDOM_SEED_NOT_SUPPORTED}})},
      {"C_GenerateRandom", all_of({kSession, {CKR_RANDOM_NO_RNG}})},
      {"C_GetFunctionStatus", {CKR_FUNCTION_NOT_PARALLEL}},
      {"C_CancelFunction", {CKR_FUNCTION_NOT_PARALLEL}},
      {"C_WaitForSlotEvent", {CKR_NO_EVENT}},
      {"C_SessionCancel", all_of({kSession, {CKR_OPERATION_CANCEL_FAILED}})},
      {"C_MessageSignInit", all_of({kSession, kMechanism, kKey})},
      {"C_SignMessage", all_of({kSession, kAccount, kData, kSigning})},
      {"C_SignMessageBegin", all_of({kSession, kData})},
      {"C_SignMessageNext", all_of({kSession, kAccount, kData, kSigning})},
      {"C_MessageSignFinal", all_of({kSession, {CKR_OPERATION_NOT_INITIALIZED}})},
      {"C_MessageVerifyInit", all_of({kSession, kMechanism, kKey})},
      {"C_VerifyMessage", all_of({kSession, kData, kVerifying})},
      {"C_VerifyMessageBegin", all_of({kSession, kData})},
      {"C_VerifyMessageNext", all_of({kSession, kData, kVerifying})},
      {"C_MessageVerifyFinal", all_of({kSession, {CKR_OPERATION_NOT_INITIALIZED}})},
      {"C_VerifySignatureInit",
       all_of({kSession, kMechanism, kKey, {CKR_SIGNATURE_LEN_RANGE, CKR_FUNCTION_CANCELED}})},
      {"C_VerifySignature", all_of({kSession, kData, kVerifying})},
      {"C_VerifySignatureUpdate", all_of({kSession, kData})},
      {"C_VerifySignatureFinal", all_of({kSession, kData, kVerifying})},
  };
  return rows;
}

bool contains(const Codes& codes, CK_RV rv) {
  return std::ranges::find(codes, rv) != codes.end();
}

}  // namespace

bool may_answer(std::string_view function, CK_RV rv) {
  const auto row = table().find(function);
  // A service that the module does not have.
  if (row == table().end()) {
    return rv == CKR_FUNCTION_NOT_SUPPORTED || rv == CKR_CRYPTOKI_NOT_INITIALIZED;
  }
  return contains(kAnyCall, rv) || contains(row->second, rv);
}

CK_RV checked(std::string_view function, CK_RV rv) {
  require(may_answer(function, rv), std::string(function) + " may not answer " + rv_name(rv));
  return rv;
}

}  // namespace signet::fuzz
