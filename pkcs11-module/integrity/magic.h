// How the build finds the stamp in the linked module.
#ifndef SIGNET_PKCS11_MODULE_INTEGRITY_MAGIC_H_
#define SIGNET_PKCS11_MODULE_INTEGRITY_MAGIC_H_

#include "pkcs11-module/integrity/image_digest.h"

namespace signet::integrity {

inline constexpr Magic kMagic{0x9d, 0x53, 0x69, 0x67, 0x6e, 0x65, 0x74, 0x20,
                              0x64, 0x69, 0x67, 0x65, 0x73, 0x74, 0x0a, 0xe1};

}  // namespace signet::integrity

#endif  // SIGNET_PKCS11_MODULE_INTEGRITY_MAGIC_H_
