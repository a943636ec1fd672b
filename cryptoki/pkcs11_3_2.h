// PKCS#11 3.2: cryptoki.h and what 3.2 has beyond 3.0 (numbers, structures, prototypes, the function table), for those who
// offer or use it. With a header of 3.2 behind cryptoki.h it adds nothing.
#ifndef SIGNET_CRYPTOKI_PKCS11_3_2_H_
#define SIGNET_CRYPTOKI_PKCS11_3_2_H_

#include "cryptoki/cryptoki.h"

#ifndef CKR_PENDING  // 3.2 brought it

#define CKR_PENDING 0x00000204UL
#define CKR_SESSION_ASYNC_NOT_SUPPORTED 0x00000205UL
#define CKR_SEED_RANDOM_REQUIRED 0x00000206UL
#define CKR_OPERATION_NOT_VALIDATED 0x00000207UL
#define CKR_TOKEN_NOT_INITIALIZED 0x00000208UL
#define CKR_PARAMETER_SET_NOT_SUPPORTED 0x00000209UL

#define CKF_ASYNC_SESSION 0x00000008UL            // of a session
#define CKF_ASYNC_SESSION_SUPPORTED 0x04000000UL  // of a token

#define CKO_VALIDATION 0x0000000AUL
#define CKO_TRUST 0x0000000BUL

#define CKS_LAST_VALIDATION_OK 0x00000001UL

using CK_FLAGS_PTR = CK_FLAGS*;
using CK_SESSION_VALIDATION_FLAGS_TYPE = CK_ULONG;

struct CK_ASYNC_DATA {
  CK_ULONG ulVersion;  // 0
  CK_BYTE_PTR pValue;
  CK_ULONG ulValue;
  CK_OBJECT_HANDLE hObject;
  CK_OBJECT_HANDLE hAdditionalObject;
};
using CK_ASYNC_DATA_PTR = CK_ASYNC_DATA*;

extern "C" {

CK_RV C_EncapsulateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
                       CK_OBJECT_HANDLE hPublicKey, CK_ATTRIBUTE_PTR pTemplate,
                       CK_ULONG ulAttributeCount, CK_BYTE_PTR pCiphertext,
                       CK_ULONG_PTR pulCiphertextLen, CK_OBJECT_HANDLE_PTR phKey);
CK_RV C_DecapsulateKey(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
                       CK_OBJECT_HANDLE hPrivateKey, CK_ATTRIBUTE_PTR pTemplate,
                       CK_ULONG ulAttributeCount, CK_BYTE_PTR pCiphertext, CK_ULONG ulCiphertextLen,
                       CK_OBJECT_HANDLE_PTR phKey);
CK_RV C_VerifySignatureInit(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
                            CK_OBJECT_HANDLE hKey, CK_BYTE_PTR pSignature, CK_ULONG ulSignatureLen);
CK_RV C_VerifySignature(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pData, CK_ULONG ulDataLen);
CK_RV C_VerifySignatureUpdate(CK_SESSION_HANDLE hSession, CK_BYTE_PTR pPart, CK_ULONG ulPartLen);
CK_RV C_VerifySignatureFinal(CK_SESSION_HANDLE hSession);
CK_RV C_GetSessionValidationFlags(CK_SESSION_HANDLE hSession, CK_SESSION_VALIDATION_FLAGS_TYPE type,
                                  CK_FLAGS_PTR pFlags);
CK_RV C_AsyncComplete(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName,
                      CK_ASYNC_DATA_PTR pResult);
CK_RV C_AsyncGetID(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ULONG_PTR pulID);
CK_RV C_AsyncJoin(CK_SESSION_HANDLE hSession, CK_UTF8CHAR_PTR pFunctionName, CK_ULONG ulID,
                  CK_BYTE_PTR pData, CK_ULONG ulData);
CK_RV C_WrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
                             CK_OBJECT_HANDLE hWrappingKey, CK_OBJECT_HANDLE hKey,
                             CK_BYTE_PTR pAssociatedData, CK_ULONG ulAssociatedDataLen,
                             CK_BYTE_PTR pWrappedKey, CK_ULONG_PTR pulWrappedKeyLen);
CK_RV C_UnwrapKeyAuthenticated(CK_SESSION_HANDLE hSession, CK_MECHANISM_PTR pMechanism,
                               CK_OBJECT_HANDLE hUnwrappingKey, CK_BYTE_PTR pWrappedKey,
                               CK_ULONG ulWrappedKeyLen, CK_ATTRIBUTE_PTR pTemplate,
                               CK_ULONG ulAttributeCount, CK_BYTE_PTR pAssociatedData,
                               CK_ULONG ulAssociatedDataLen, CK_OBJECT_HANDLE_PTR phKey);

}  // extern "C"

using CK_C_EncapsulateKey = decltype(&C_EncapsulateKey);
using CK_C_DecapsulateKey = decltype(&C_DecapsulateKey);
using CK_C_VerifySignatureInit = decltype(&C_VerifySignatureInit);
using CK_C_VerifySignature = decltype(&C_VerifySignature);
using CK_C_VerifySignatureUpdate = decltype(&C_VerifySignatureUpdate);
using CK_C_VerifySignatureFinal = decltype(&C_VerifySignatureFinal);
using CK_C_GetSessionValidationFlags = decltype(&C_GetSessionValidationFlags);
using CK_C_AsyncComplete = decltype(&C_AsyncComplete);
using CK_C_AsyncGetID = decltype(&C_AsyncGetID);
using CK_C_AsyncJoin = decltype(&C_AsyncJoin);
using CK_C_WrapKeyAuthenticated = decltype(&C_WrapKeyAuthenticated);
using CK_C_UnwrapKeyAuthenticated = decltype(&C_UnwrapKeyAuthenticated);

// Laid out as the table of 3.0 with the new functions at its end. Inheriting keeps the entries of 3.0 in one place, the header's;
// each table begins with its version, at the same address.
struct CK_FUNCTION_LIST_3_2 : CK_FUNCTION_LIST_3_0 {
  CK_C_EncapsulateKey C_EncapsulateKey;
  CK_C_DecapsulateKey C_DecapsulateKey;
  CK_C_VerifySignatureInit C_VerifySignatureInit;
  CK_C_VerifySignature C_VerifySignature;
  CK_C_VerifySignatureUpdate C_VerifySignatureUpdate;
  CK_C_VerifySignatureFinal C_VerifySignatureFinal;
  CK_C_GetSessionValidationFlags C_GetSessionValidationFlags;
  CK_C_AsyncComplete C_AsyncComplete;
  CK_C_AsyncGetID C_AsyncGetID;
  CK_C_AsyncJoin C_AsyncJoin;
  CK_C_WrapKeyAuthenticated C_WrapKeyAuthenticated;
  CK_C_UnwrapKeyAuthenticated C_UnwrapKeyAuthenticated;
};
using CK_FUNCTION_LIST_3_2_PTR = CK_FUNCTION_LIST_3_2*;

#endif  // CKR_PENDING

// 92 functions of 3.0 and 12 more, behind a version that fills a pointer's place.
static_assert(sizeof(CK_FUNCTION_LIST_3_2) == (1 + 92 + 12) * sizeof(void*));

#endif  // SIGNET_CRYPTOKI_PKCS11_3_2_H_
