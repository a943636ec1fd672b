#include "pkcs11-module/edge/testing/client.h"

namespace signet::edge::testing {

CK_RV begin_signature(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism,
                      CK_OBJECT_HANDLE key) {
  CK_MECHANISM plain{mechanism, nullptr, 0};
  return C_SignInit(session, &plain, key);
}

Bytes sign(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key,
           Bytes data) {
  must(begin_signature(session, mechanism, key), "C_SignInit");
  Bytes signature(512);
  CK_ULONG size = signature.size();
  must(C_Sign(session, data.data(), data.size(), signature.data(), &size), "C_Sign");
  signature.resize(size);
  return signature;
}

Bytes finish_signature(CK_SESSION_HANDLE session) {
  Bytes signature(512);
  CK_ULONG size = signature.size();
  must(C_SignFinal(session, signature.data(), &size), "C_SignFinal");
  signature.resize(size);
  return signature;
}

CK_RV verify(CK_SESSION_HANDLE session, CK_MECHANISM_TYPE mechanism, CK_OBJECT_HANDLE key,
             Bytes data, Bytes signature) {
  CK_MECHANISM plain{mechanism, nullptr, 0};
  must(C_VerifyInit(session, &plain, key), "C_VerifyInit");
  return C_Verify(session, data.data(), data.size(), signature.data(), signature.size());
}

Bytes attribute(CK_SESSION_HANDLE session, CK_OBJECT_HANDLE object, CK_ATTRIBUTE_TYPE type) {
  CK_ATTRIBUTE one{type, nullptr, 0};
  must(C_GetAttributeValue(session, object, &one, 1), "C_GetAttributeValue");
  Bytes value(one.ulValueLen);
  one.pValue = value.data();
  must(C_GetAttributeValue(session, object, &one, 1), "C_GetAttributeValue");
  return value;
}

CK_STATE state_of(CK_SESSION_HANDLE session) {
  CK_SESSION_INFO info{};
  must(C_GetSessionInfo(session, &info), "C_GetSessionInfo");
  return info.state;
}

}  // namespace signet::edge::testing
