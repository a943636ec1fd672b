// Of which kind a key is made that takes another one's place, by a suite of algorithms.
#ifndef SIGNET_KEYGEN_SUCCESSOR_TYPE_H_
#define SIGNET_KEYGEN_SUCCESSOR_TYPE_H_

#include <chrono>
#include <string>

#include "crypto/suite.h"
#include "pkcs11-client/key_type.h"

namespace signet::keygen {

// Whether keys of this kind are good from `now` until `until`, the end of a certificate, and the last good day where not:
// empty, or a sentence that names suite, kind and day.
std::string against_key_type(const pkcs11::KeyType& type, const crypto::Suite& suite,
                             std::chrono::system_clock::time_point now,
                             std::chrono::system_clock::time_point until);

// The same kind if nothing speaks against it until then; else the shortest larger RSA key, or the smallest curve, against
// which nothing speaks. Where there is none either, the same kind.
pkcs11::KeyType successor_type(const pkcs11::KeyType& old, const crypto::Suite& suite,
                               std::chrono::system_clock::time_point now,
                               std::chrono::system_clock::time_point until);

}  // namespace signet::keygen

#endif  // SIGNET_KEYGEN_SUCCESSOR_TYPE_H_
