/*
 * signet-pkcs11.h: what Signet's PKCS#11 module offers beside PKCS#11: notes about signatures, for the appliance's journal.
 *
 * Include it after a PKCS#11 header, 3.0 or later. C_GetInterface (PKCS#11 3.0, 5.4.6) gives the functions under a name of their
 * own; C_GetInterfaceList does not name them:
 *
 *   CK_INTERFACE *found;
 *   CK_VERSION version = {1, 0};
 *   if (C_GetInterface((CK_UTF8CHAR *)SIGNET_VENDOR_INTERFACE, &version, &found, 0) == CKR_OK)
 *     struct signet_vendor_functions *vendor = found->pFunctionList;
 *
 * Other modules answer CKR_ARGUMENTS_BAD. A later version begins with the functions of this one. The functions can be called
 * from many threads, as those of PKCS#11, and answer its general codes, too (CKR_CRYPTOKI_NOT_INITIALIZED,
 * CKR_SESSION_HANDLE_INVALID, CKR_HOST_MEMORY). No function makes a request.
 */
#ifndef SIGNET_PKCS11_H
#define SIGNET_PKCS11_H

#ifdef __cplusplus
extern "C" {
#endif

#define SIGNET_VENDOR_INTERFACE "Vendor Signet"

/* The longest reference, in bytes. */
#define SIGNET_REFERENCE_SIZE 256

struct signet_vendor_functions {
  CK_VERSION version; /* 1.0 */

  /* The reference of all further signatures of this session, until another is set: UTF-8 of at most SIGNET_REFERENCE_SIZE bytes,
   * without control characters and a zero at the end; it is copied. Size 0: none. It goes into the appliance's journal with the
   * signature: "reference" in the native dialect, clientData in CSC.
   * CKR_DATA_LEN_RANGE: too long. CKR_DATA_INVALID: not such a text. CKR_ARGUMENTS_BAD: NULL with a size.
   * CKR_FUNCTION_NOT_SUPPORTED: the token's dialect (SAPIWS) has no place for it. */
  CK_RV (*set_reference)(CK_SESSION_HANDLE session, const CK_UTF8CHAR* reference, CK_ULONG size);

  /* The id of the request that made this session's last signature, by which the appliance's journal and the module's log name
   * it; not zero-terminated. Empty (size 0): there was none, it failed, or the service gives none. `id` NULL: its size alone.
   * CKR_BUFFER_TOO_SMALL: `*size` says how much room it needs. CKR_ARGUMENTS_BAD: `size` is NULL. */
  CK_RV (*last_request_id)(CK_SESSION_HANDLE session, CK_UTF8CHAR* id, CK_ULONG* size);
};

#ifdef __cplusplus
}
#endif

#endif /* SIGNET_PKCS11_H */
