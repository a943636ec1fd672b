/*
 * signet-pkcs11.h: what Signet's PKCS#11 module offers beside PKCS#11: notes about signatures for the appliance's journal,
 * and time-stamps from the service behind a token.
 *
 * Include it after a PKCS#11 header, 3.0 or later. C_GetInterface (PKCS#11 3.0, 5.4.6) gives the functions under a name of their
 * own; C_GetInterfaceList does not name them:
 *
 *   CK_INTERFACE *found;
 *   CK_VERSION version = {1, 1};
 *   if (C_GetInterface((CK_UTF8CHAR *)SIGNET_VENDOR_INTERFACE, &version, &found, 0) == CKR_OK)
 *     struct signet_vendor_functions *vendor = found->pFunctionList;
 *
 * Other modules answer CKR_ARGUMENTS_BAD, and so do modules that have no such version. A later version begins with the functions
 * of this one: 1.0 ends before time_stamp, and is still given to who asks for it. The functions can be called from many threads,
 * as those of PKCS#11, and answer its general codes, too (CKR_CRYPTOKI_NOT_INITIALIZED, CKR_SESSION_HANDLE_INVALID,
 * CKR_HOST_MEMORY). None but time_stamp makes a request.
 */
#ifndef SIGNET_PKCS11_H
#define SIGNET_PKCS11_H

#ifdef __cplusplus
extern "C" {
#endif

#define SIGNET_VENDOR_INTERFACE "Vendor Signet"

/* The longest reference, in bytes. */
#define SIGNET_REFERENCE_SIZE 256

/* The room for a time-stamp, in bytes. */
#define SIGNET_TIME_STAMP_SIZE 65536
/* The longest nonce, in bytes. */
#define SIGNET_NONCE_SIZE 64

struct signet_vendor_functions {
  CK_VERSION version; /* 1.1; 1.0 where that was asked for */

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

  /* Since 1.1. A time-stamp of a digest, from the service behind the session's token (CSC API: signatures/timestamp), for which
   * nobody has to be logged in.
   *   hash          CKM_SHA256, CKM_SHA384 or CKM_SHA512
   *   digest        of that hash
   *   nonce         a positive number, big-endian, of at most SIGNET_NONCE_SIZE bytes; NULL with size 0: none
   *   milliseconds  how long it may take; 0, or longer than the token's limit for a call: that limit
   *   token         takes the TimeStampToken (RFC 3161, 2.4.2): DER or BER, as the service gave it. Nothing of it is checked: who
   *                 uses it looks at its digest, nonce, signature and signer
   *   token_size    in: the room, SIGNET_TIME_STAMP_SIZE bytes or more; out: the token's size, unchanged after a failure
   * CKR_BUFFER_TOO_SMALL: less room; no request was made. CKR_MECHANISM_INVALID: another hash. CKR_DATA_LEN_RANGE: the digest is
   * not as long as the hash's. CKR_MECHANISM_PARAM_INVALID: the nonce is too long. CKR_ARGUMENTS_BAD: NULL with a size, or where
   * there must be an address. CKR_FUNCTION_NOT_SUPPORTED: the token's dialect (native, SAPIWS) has no time-stamps, or the service
   * gives none. Else as of C_Sign: CKR_DEVICE_REMOVED, CKR_DEVICE_ERROR, CKR_ACTION_PROHIBITED, CKR_FUNCTION_FAILED. */
  CK_RV(*time_stamp)
  (CK_SESSION_HANDLE session, CK_MECHANISM_TYPE hash, const CK_BYTE* digest, CK_ULONG digest_size,
   const CK_BYTE* nonce, CK_ULONG nonce_size, CK_ULONG milliseconds, CK_BYTE* token,
   CK_ULONG* token_size);
};

#ifdef __cplusplus
}
#endif

#endif /* SIGNET_PKCS11_H */
