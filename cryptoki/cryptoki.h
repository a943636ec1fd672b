// The PKCS#11 interface (names, numbers, structures), 3.0. Include this file, never pkcs11.h itself.
//
// The build chooses whose header files stand behind it (PKCS11_INCLUDE_DIR, or Debian's libnss3-dev);
// names that one of them lacks are added below with their values from the OASIS standard.
#ifndef SIGNET_CRYPTOKI_CRYPTOKI_H_
#define SIGNET_CRYPTOKI_CRYPTOKI_H_

// The five macros that OASIS's headers leave to the platform.
#ifndef CK_PTR
#define CK_PTR *
#endif
#ifndef NULL_PTR
#define NULL_PTR nullptr
#endif
// NOLINTBEGIN(bugprone-macro-parentheses): a type and a name cannot stand in parentheses.
#ifndef CK_DECLARE_FUNCTION
#define CK_DECLARE_FUNCTION(type, name) type name
#endif
#ifndef CK_DECLARE_FUNCTION_POINTER
#define CK_DECLARE_FUNCTION_POINTER(type, name) type(*name)
#endif
#ifndef CK_CALLBACK_FUNCTION
#define CK_CALLBACK_FUNCTION(type, name) type(*name)
#endif

// NOLINTEND(bugprone-macro-parentheses)

// NSS's headers define the same macros with the same meaning.
#if defined(__clang__)
#pragma clang diagnostic push
#pragma clang diagnostic ignored "-Wmacro-redefined"
#endif
#include <pkcs11.h>
#if defined(__clang__)
#pragma clang diagnostic pop
#endif

#ifndef CKA_UNIQUE_ID
#define CKA_UNIQUE_ID 0x00000004UL
#endif
#ifndef CKA_NAME_HASH_ALGORITHM
#define CKA_NAME_HASH_ALGORITHM 0x0000008cUL
#endif
#ifndef CKA_OBJECT_VALIDATION_FLAGS
#define CKA_OBJECT_VALIDATION_FLAGS 0x0000061eUL
#endif

#ifndef CKF_EC_CURVENAME
#define CKF_EC_CURVENAME 0x04000000UL
#endif

#endif  // SIGNET_CRYPTOKI_CRYPTOKI_H_
